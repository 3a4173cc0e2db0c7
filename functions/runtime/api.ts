import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { NOTHING, type Route, routeKey } from '../route.ts';
import type { Caller } from './access/caller.ts';
import { http, requestId } from './http.ts';
import { lambda } from './lambda.ts';
import { audit } from './middleware/audit.ts';
import { caller } from './middleware/caller.ts';
import { correlation } from './middleware/correlation.ts';
import { errors } from './middleware/errors.ts';
import { headers } from './middleware/headers.ts';
import type { HttpContext } from './middleware/http-middleware.ts';
import { metrics } from './middleware/metrics.ts';
import { role } from './middleware/role.ts';
import { ApiError } from './rest/api-error.ts';
import { jsonBody } from './rest/http-event.ts';
import { type Reply, resultOf } from './rest/reply.ts';
import { parsed, parseQuery } from './rest/request.ts';

export interface Requested<R extends Route> {
  readonly parameters: z.output<R['parameters']>;
  readonly query: z.output<R['query']>;
  readonly body: z.output<R['body']>;
  readonly caller: Caller;
  readonly event: APIGatewayProxyEventV2;
}

export interface Endpoint {
  readonly route: Route;
  answer(event: APIGatewayProxyEventV2, caller: Caller): Promise<Reply>;
}

/** A route's answer to what its schemas made of the request. */
export const endpoint = <R extends Route>(route: R, answer: (request: Requested<R>) => Promise<Reply>): Endpoint => ({
  route,
  answer: (event, caller) => answer(requested(route, event, caller)),
});

/**
 * The handler of a Lambda's routes.
 * @param groupsClaim the claim that lists a person's groups; none where all routes are public.
 * @param report reports what the function counts over many calls, where it does.
 */
export function api(endpoints: readonly Endpoint[], groupsClaim = '', report?: () => void) {
  const handlers = new Map(endpoints.map((one) => [routeKey(one.route), wrapped(one, groupsClaim, report)]));
  // A function with one route answers whatever it is sent.
  const [only] = handlers.size === 1 ? handlers.values() : [];
  return (event: APIGatewayProxyEventV2, context: HttpContext): Promise<APIGatewayProxyStructuredResultV2> =>
    (only ?? handlers.get(event.routeKey) ?? noSuchRoute)(event, context);
}

/** What is around the handler of every route. A call passes the list downwards; its answer, or its error, passes it upwards. */
const wrapped = ({ route, answer }: Endpoint, groupsClaim: string, report: (() => void) | undefined) =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([
      correlation(requestId),
      headers(),
      errors(),
      // A refusal leaves an audit line, too: so the role is checked further in.
      ...(route.access === 'public' ? [] : [caller(groupsClaim), audit(route), role(route.access)]),
      ...(report ? [metrics(report)] : []),
    ])
    .handler(async (event, { caller = ANYBODY }) => resultOf(await answer(event, caller)));

const ANYBODY: Caller = { who: '', role: undefined };

const noSuchRoute = http(() => {
  throw new Error('the gateway sends the routes of the table alone');
});

const requested = <R extends Route>(route: R, event: APIGatewayProxyEventV2, caller: Caller): Requested<R> => ({
  parameters: parsed<R['parameters']>(route.parameters, event.pathParameters ?? {}),
  query: parseQuery<R['query']>(event.rawQueryString, route.query),
  body: parsed<R['body']>(route.body, route.body === NOTHING ? {} : bodyOf(event)),
  caller,
  event,
});

/** @throws ApiError 400 where it is no JSON. */
function bodyOf(event: APIGatewayProxyEventV2): unknown {
  try {
    return jsonBody(event);
  } catch {
    throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  }
}
