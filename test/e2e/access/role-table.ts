import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { methodsOf, type Route, routeKey } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import type { Calls } from '../stack/calls.ts';
import { WEBHOOK_TOKEN } from '../stack/options.ts';

/** What becomes of a call: let in whatever it is answered then, or refused, by the gateway or by the handler. */
export const IN = 'in';
export const NO_TOKEN = '401';
export const BY_GATEWAY = '403';
export const BY_HANDLER = 'FORBIDDEN';

export const table: readonly Route[] = Object.values(routes);

/** A route with one of its methods. */
type Called = Omit<Route, 'method'> & { readonly method: string };
/** Every route, and HEAD beside each GET. */
export const withHead: readonly Called[] = table.flatMap((route) =>
  methodsOf(route).map((method) => ({ ...route, method })),
);

const Gateway = z.strictObject({ message: z.enum(['Unauthorized', 'Forbidden']) });
const Handler = z.strictObject({ error_code: z.literal('FORBIDDEN'), message: z.string() });

/** Calls a route, with the id of an unknown group, and with an empty body where it takes one. */
export async function verdict(call: Calls['call'], route: Called, token?: string): Promise<string> {
  const values: Record<string, string> = {
    result_id: randomUUID(),
    token: WEBHOOK_TOKEN,
    endpoint_id: `we_${'a'.repeat(22)}`,
    delivery_id: `dlv_1700000000000_${'a'.repeat(22)}`,
    key_id: 'a'.repeat(16),
  };
  const path = route.path.replace(/\{(\w+)\+?\}/g, (_, name: string) => values[name] ?? 'x');
  const hasBody = route.method === 'POST' || route.method === 'PATCH';
  const headers = {
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(hasBody && { 'content-type': 'application/json' }),
  };
  const response = await call(path, { method: route.method, headers, ...(hasBody && { body: '{}' }) });
  const { status } = response;
  if (status < 500 && status !== 401 && status !== 403) return IN;
  // HEAD tells by its headers alone who refused: only a function sends the request id.
  if (route.method === 'HEAD') {
    if (status === 401) return NO_TOKEN;
    return response.headers.has('x-request-id') ? BY_HANDLER : BY_GATEWAY;
  }
  const body: unknown = await response.json();
  if (status === 401 && Gateway.safeParse(body).data?.message === 'Unauthorized') return NO_TOKEN;
  if (status === 403 && Gateway.safeParse(body).data?.message === 'Forbidden') return BY_GATEWAY;
  if (status === 403 && Handler.safeParse(body).success) return BY_HANDLER;
  return `${status} ${JSON.stringify(body)}`;
}

/** The callers, in the order of a table's columns, each with its token. */
export type Callers = Readonly<Record<string, string | undefined>>;

/** A route's measured row of the table of roles. */
export async function rowOf(call: Calls['call'], route: Called, callers: Callers): Promise<Record<string, string>> {
  const row: Record<string, string> = {};
  for (const [name, token] of Object.entries(callers)) row[name] = await verdict(call, route, token);
  return row;
}

/** The rows of a table of roles: what a route requires. */
export type Row = Route['access'] | 'admin, a person';
export const rowFor = ({ access, isForPeople }: Pick<Route, 'access' | 'isForPeople'>): Row =>
  isForPeople && access === 'admin' ? 'admin, a person' : access;

/** A route and who gets in, for the name of a test. */
export const titled = (route: Called, columns: readonly string[], row: readonly string[]): string => {
  const who = columns.map((name, at) => `${name} ${row[at]}`).join(' | ');
  return `${routeKey(route)} (${route.access}): ${who}`;
};
