import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import { ACCOUNT } from '../names.ts';

export type Authorizer = APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']['authorizer'];
export type HttpApiEvent = APIGatewayProxyEventV2 & { requestContext: { authorizer?: Authorizer } };

export interface EventParts {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly apiId: string;
  readonly requestId: string;
  readonly routeKey: string;
  /** Percent-decoded, as an HTTP API passes `rawPath` despite its name. */
  readonly path: string;
  /** The raw query, without the question mark. */
  readonly query: string;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly authorizer: Authorizer | undefined;
  readonly now: Date;
}

/**
 * Builds the event of payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpApiEvent(parts: EventParts): HttpApiEvent {
  const { request, body, query, now } = parts;
  const headers = headersOf(request);
  const queryStringParameters = joined(new URLSearchParams(query));
  const host = headers.host ?? '';
  const binary = body.length > 0 && !isText(headers['content-type'], headers['content-encoding']);
  return {
    version: '2.0',
    routeKey: parts.routeKey,
    rawPath: parts.path,
    rawQueryString: query,
    headers,
    ...(queryStringParameters && { queryStringParameters }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: parts.apiId,
      ...(parts.authorizer && { authorizer: parts.authorizer }),
      domainName: host.replace(/:\d+$/, ''),
      domainPrefix: host.split(/[.:]/)[0] ?? '',
      http: {
        method: request.method ?? 'GET',
        path: parts.path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: parts.requestId,
      routeKey: parts.routeKey,
      stage: '$default',
      time: commonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(parts.pathParameters && { pathParameters: { ...parts.pathParameters } }),
    ...(body.length > 0 && { body: body.toString(binary ? 'base64' : 'utf8') }),
    isBase64Encoded: binary,
  };
}

/** Header names in lower case, repeated headers joined with commas. Cookies are omitted: no function reads them. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]?.toLowerCase() ?? '';
    const value = request.rawHeaders[at + 1] ?? '';
    if (name !== 'cookie') headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  headers.set('x-forwarded-for', request.socket.remoteAddress ?? '127.0.0.1');
  headers.set('x-forwarded-port', String(request.socket.localPort ?? 0));
  headers.set('x-forwarded-proto', 'http');
  return Object.fromEntries(headers);
}

function joined(parameters: URLSearchParams): Record<string, string> | undefined {
  const names = new Set(parameters.keys());
  if (names.size === 0) return undefined;
  return Object.fromEntries(Array.from(names, (name) => [name, parameters.getAll(name).join(',')]));
}

/**
 * Whether a body is passed as text. An HTTP API encodes all other bodies in base64, also forms and bodies without a
 * type.
 */
function isText(contentType = '', contentEncoding = ''): boolean {
  if (contentEncoding !== '' && contentEncoding !== 'identity') return false;
  return /^\s*(text\/|application\/(json|javascript|xml)\b|application\/[^;]+\+(json|xml)\b)/i.test(contentType);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000`. */
function commonLogTime(at: Date): string {
  const [date = '', time = ''] = at.toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
