import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { ApiError } from '../domain/errors.ts';
import type { Failure } from '../route.ts';
import { beginRequest } from './correlation.ts';
import { lambda } from './lambda.ts';
import { errorFields, log } from './log.ts';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON text, or what `isBase64Encoded` says; none for a 304. */
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** Personal data, and different for every caller: kept by no shared cache, revalidated at every use. */
const PRIVATE = { 'cache-control': 'private, no-cache' };

/** The one stack of every HTTP function: errors in AnyCheck's shape, a request id on every answer. */
export function http(answer: (event: APIGatewayProxyEventV2, context: Context) => Promise<Reply>) {
  return lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .onError((request) => {
      const { error, event } = request;
      const fault =
        error instanceof ApiError ? error : new ApiError(500, 'INTERNAL_SERVER_ERROR', UNEXPECTED, { cause: error });
      if (fault.status >= 500) {
        log('error', 'request.failed', {
          route: event.routeKey,
          status: fault.status,
          ...errorFields(fault.cause ?? fault),
        });
      }
      request.response = resultOf(event, errorReply(fault));
    })
    .handler(async (event, context) => {
      beginRequest(event.requestContext.requestId);
      return resultOf(event, await answer(event, context));
    });
}

const UNEXPECTED = 'Something went wrong on our side. The request id names this failure in our logs.';

function errorReply({ status, code, message, errors, retryAfter }: ApiError): Reply {
  const failure: z.input<typeof Failure> = { error_code: code, message, ...(errors && { errors: [...errors] }) };
  return {
    status,
    ...(retryAfter !== undefined && { headers: { 'retry-after': String(retryAfter) } }),
    body: JSON.stringify(failure),
  };
}

function resultOf(
  event: APIGatewayProxyEventV2,
  { status, headers, body, isBase64Encoded = false }: Reply,
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...PRIVATE,
      'x-request-id': event.requestContext.requestId,
      ...headers,
    },
    ...(body !== undefined && { body, isBase64Encoded }),
  };
}

/** A request header, '' where it is missing. HTTP APIs send names in lower case. */
export const header = (event: APIGatewayProxyEventV2, name: string): string => event.headers[name] ?? '';
