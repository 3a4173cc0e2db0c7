import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { ApiError } from '../domain/errors.ts';
import { parsed, parseQuery } from '../domain/request.ts';
import { NOTHING, type Route, routeKey } from '../route.ts';
import { audit } from './audit.ts';
import { type Caller, callerOf } from './caller.ts';
import { http, type Reply } from './http.ts';
import { mayDo } from './role.ts';

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

/** ms before the end of a function's time at which a call that is still under way leaves its audit line: after it, nobody can. */
const LAST_WORDS = 250;

/**
 * The handler of a Lambda's routes: the caller's role, then the request, then the answer; and an audit line of every call that
 * needs a role, however it ended.
 * @param groupsClaim the claim that lists a person's groups; none where all routes are public.
 */
export function api(endpoints: readonly Endpoint[], groupsClaim = '') {
  return http(async (event, context) => {
    // A function with one route answers whatever it is sent.
    const [only] = endpoints.length === 1 ? endpoints : [];
    const found = only ?? endpoints.find(({ route }) => routeKey(route) === event.routeKey);
    if (!found) throw new Error('the gateway sends the routes of the table alone');
    const { route } = found;
    if (route.access === 'public') return found.answer(event, ANYBODY);
    const caller = callerOf(event, groupsClaim);
    let outcome = 500;
    const leaveLine = () => {
      const request = event.requestContext.requestId;
      audit({ request, route, who: caller.who, groups: groupsNamed(route, event), outcome });
    };
    const last = setTimeout(leaveLine, context.getRemainingTimeInMillis() - LAST_WORDS);
    try {
      if (!mayDo(caller.role, route.access)) throw forbidden(caller.role, route.access);
      const reply = await found.answer(event, caller);
      outcome = reply.status;
      return reply;
    } catch (error) {
      if (error instanceof ApiError) outcome = error.status;
      throw error;
    } finally {
      clearTimeout(last);
      leaveLine();
    }
  });
}

const ANYBODY: Caller = { who: '', role: undefined };

const forbidden = (role: string | undefined, least: string) =>
  new ApiError(403, 'FORBIDDEN', `This needs the role ${least}; this token has ${role ?? 'none'}.`);

const requested = <R extends Route>(route: R, event: APIGatewayProxyEventV2, caller: Caller): Requested<R> => ({
  parameters: parsed<R['parameters']>(route.parameters, event.pathParameters ?? {}),
  query: parseQuery<R['query']>(event.rawQueryString, route.query),
  body: parsed<R['body']>(route.body, route.body === NOTHING ? {} : jsonOf(event)),
  caller,
  event,
});

function jsonOf(event: APIGatewayProxyEventV2): unknown {
  try {
    return JSON.parse(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString());
  } catch {
    throw new ApiError(400, 'INVALID_REQUEST', 'The body is not JSON.');
  }
}

const Naming = z.object({ result_ids: z.array(z.unknown()) });

/** What a request names as its groups where its route looks for them, also a request that is refused. */
function groupsNamed(route: Route, event: APIGatewayProxyEventV2): unknown[] {
  const id = event.pathParameters?.result_id;
  const named: unknown[] = id === undefined ? [] : [id];
  if ('result_id' in route.query.shape) named.push(...new URLSearchParams(event.rawQueryString).getAll('result_id'));
  return route.body === NOTHING ? named : [...named, ...idsIn(event)];
}

function idsIn(event: APIGatewayProxyEventV2): unknown[] {
  try {
    return Naming.parse(jsonOf(event)).result_ids;
  } catch {
    return [];
  }
}
