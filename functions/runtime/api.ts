import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type * as z from 'zod/mini';
import { methodsOf, NOTHING, type Route, routeKey } from '../route.ts';
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

/** A route and its handler. The handler receives the request as the route's schemas parsed it. */
export const endpoint = <R extends Route>(route: R, answer: (request: Requested<R>) => Promise<Reply>): Endpoint => ({
  route,
  answer: (event, caller) => answer(requested(route, event, caller)),
});

/**
 * The Lambda handler of some routes.
 * @param groupsClaim the claim that lists a user's groups; '' if all routes are public.
 * @param report logs what the function counts over many calls; it runs at the end of each call.
 */
export function api(endpoints: readonly Endpoint[], groupsClaim = '', report?: () => void) {
  const handlers = new Map(
    endpoints.flatMap((one) => {
      const handler = wrapped(one, groupsClaim, report);
      return methodsOf(one.route).map((method) => [routeKey({ method, path: one.route.path }), handler] as const);
    }),
  );
  // A function with a single route needs no dispatch.
  const [only] = endpoints.length === 1 ? handlers.values() : [];
  return (event: APIGatewayProxyEventV2, context: HttpContext): Promise<APIGatewayProxyStructuredResultV2> =>
    (only ?? handlers.get(event.routeKey) ?? noSuchRoute)(event, context);
}

/**
 * The middleware stack of every route. A call runs through the list downwards; its answer or its error runs upwards.
 */
const wrapped = ({ route, answer }: Endpoint, groupsClaim: string, report: (() => void) | undefined) =>
  lambda<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, HttpContext>()
    .use([
      correlation(requestId),
      headers(),
      errors(),
      // A refusal also needs an audit line, so the role is checked after `audit`.
      ...(route.access === 'public' ? [] : [caller(groupsClaim), audit(route), role(route.access)]),
      ...(report ? [metrics(report)] : []),
    ])
    .handler(async (event, { caller = ANONYMOUS }) => resultOf(await answer(event, caller)));

const ANONYMOUS: Caller = { who: '', role: undefined };

const noSuchRoute = http(() => {
  throw new Error('the gateway sent a route that this function does not have');
});

const requested = <R extends Route>(route: R, event: APIGatewayProxyEventV2, caller: Caller): Requested<R> => ({
  parameters: parsed<R['parameters']>(route.parameters, event.pathParameters ?? {}),
  query: parseQuery<R['query']>(event.rawQueryString, route.query),
  body: parsed<R['body']>(route.body, route.body === NOTHING ? {} : bodyOf(event)),
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
