import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { methodsOf, NOTHING, pathsOf, type Route, type RoutePath, routeKey } from '../route.ts';
import type { Caller, ClaimNames } from './access/caller.ts';
import { http, requestId } from './http.ts';
import { lambda } from './lambda.ts';
import { audit } from './middleware/audit.ts';
import { caller } from './middleware/caller.ts';
import { correlation } from './middleware/correlation.ts';
import { errors } from './middleware/errors.ts';
import { headers } from './middleware/headers.ts';
import type { HttpContext, HttpMiddleware } from './middleware/http-middleware.ts';
import type { KeyCaller } from './middleware/key-caller.ts';
import { metrics } from './middleware/metrics.ts';
import { role } from './middleware/role.ts';
import { ApiError } from './rest/api-error.ts';
import { encoded } from './rest/encoded.ts';
import { header, jsonBody } from './rest/http-event.ts';
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

/** A route and its handler. The handler receives the request as the route's schemas parsed it. */
export const endpoint = <R extends Route>(route: R, answer: (request: Requested<R>) => Promise<Reply>): Endpoint => ({
  route,
  answer: (event, caller) => answer(requested(route, event, caller)),
});

/**
 * The Lambda handler of some routes.
 * @param claims what tells callers apart; none if all routes are public.
 * @throws an Error if a route takes API keys and `options` has no check of them.
 */
export function api(endpoints: readonly Endpoint[], claims: ClaimNames = NO_CLAIMS, options: Options = {}) {
  const handlers = new Map(
    endpoints.flatMap((one) =>
      pathsOf(one.route).flatMap((at) => {
        const handler = wrapped(one, at, claims, options);
        return methodsOf(one.route).map((method) => [routeKey({ method, path: at.path }), handler] as const);
      }),
    ),
  );
  // A function with a single route needs no dispatch.
  const [only, ...others] = new Set(handlers.values());
  const single = others.length === 0 ? only : undefined;
  return (event: APIGatewayProxyEventV2, context: HttpContext): Promise<APIGatewayProxyStructuredResultV2> =>
    (single ?? handlers.get(event.routeKey) ?? noSuchRoute)(event, context);
}

interface Options {
  /** Checks API keys. A function with a route that takes keys needs it. */
  readonly keys?: KeyCaller;
  /** Logs what the function counts over many calls; it runs at the end of each call. */
  readonly report?: () => void;
}

/**
 * The middleware stack of one path of a route. A call runs through the list downwards; its answer or its error runs
 * upwards.
 */
const wrapped = ({ route, answer }: Endpoint, at: RoutePath, claims: ClaimNames, { keys, report }: Options) =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([
      correlation(requestId),
      headers(),
      errors(),
      // A refusal also needs an audit line, so the role is checked after `audit`.
      ...(route.access === 'public'
        ? []
        : [callerAt(at, claims, keys), audit(route, at.path), role(route.access, route, claims.PERSON_CLAIM)]),
      ...(report ? [metrics(report)] : []),
    ])
    .handler(async (event, { caller = ANONYMOUS }) => resultOf(encodedFor(event, route, await answer(event, caller))));

/**
 * Encodes the answer of a GET. A route that declares no 406 never refuses a caller. Other answers can hold a secret, whose
 * length a compressed answer would reveal, so they stay as they are.
 */
const encodedFor = (event: APIGatewayProxyEventV2, { method, failures }: Route, reply: Reply): Reply =>
  method === 'GET' ? encoded(reply, header(event, 'accept-encoding'), 406 in failures) : reply;

/** The middleware that reads the caller. A path for API keys has no other way to get one. */
function callerAt({ path, credential }: RoutePath, claims: ClaimNames, keys?: KeyCaller): HttpMiddleware {
  if (credential !== 'key') return caller(claims);
  if (!keys) throw new Error(`${path} takes API keys, and this function does not check any`);
  return keys;
}

const NO_CLAIMS: ClaimNames = { GROUPS_CLAIM: '', PERSON_CLAIM: '' };
/** The caller of a public route. */
const ANONYMOUS: Caller = { kind: 'unknown', who: '', role: undefined };

const noSuchRoute = http(() => {
  throw new Error('the gateway sent a route that this function does not have');
});

const requested = <R extends Route>(route: R, event: APIGatewayProxyEventV2, caller: Caller): Requested<R> => ({
  parameters: parsed<R['parameters']>(route.parameters, event.pathParameters ?? {}),
  query: parseQuery<R['query']>(event.rawQueryString, route.query),
  body: parsed<R['body']>(route.body, route.body === NOTHING || !event.body ? {} : bodyOf(event)),
  caller,
  event,
});

/** @throws ApiError 400 if the body is not JSON. */
function bodyOf(event: APIGatewayProxyEventV2): unknown {
  try {
    return jsonBody(event);
  } catch {
    throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  }
}
