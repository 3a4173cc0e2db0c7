import { type Answer, Failure, type Route } from '../route.ts';
import { GatewayFailure, REFUSALS } from './gateway.ts';
import type { Schemas } from './json-schema.ts';

const text = { type: 'string' };
const requestId = { description: 'Identifies the call in the logs.', schema: text };
const retryAfter = { description: 'Seconds.', schema: text };
const OURS = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };

/** What the responses of some routes refer to. */
export const sharedResponses = (routes: readonly Route[], schemas: Schemas) => ({
  headers: { RequestId: { ...requestId, required: true } },
  responses: Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => routes.some((route) => isGatewaysAlone(status, route)))
      .map(([, { name, when }]) => [
        name,
        { description: fromGateway(when), content: json(schemas.of(GatewayFailure, 'output')) },
      ]),
  ),
});

/** Everything that a route answers, by status. */
export const responses = (route: Route, schemas: Schemas): object => ({
  ...Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => isGatewaysAlone(status, route))
      .map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
  ),
  ...mapped(failuresOf(route), (when, status) => failed(status, when, route, schemas)),
  ...mapped(route.answers, (answer) => answered(answer, schemas)),
});

const isGatewaysAlone = (status: string, route: Route) =>
  REFUSALS[Number(status)]?.comes(route) === true && !(status in failuresOf(route));

/** The route's own failures, and those of the stack around all handlers. */
const failuresOf = ({ access, failures }: Route): Readonly<Record<string, string>> => ({
  ...(access !== 'public' && { 403: `FORBIDDEN: the token gives no role, or a lesser one than ${access}.` }),
  500: 'INTERNAL_SERVER_ERROR: something went wrong on our side.',
  ...failures,
});

const answered = ({ description, schema, type, headers = {} }: Answer, schemas: Schemas) => ({
  description,
  headers: { ...OURS, ...mapped(headers, (what) => ({ description: what, required: true, schema: text })) },
  ...(schema && { content: json(schemas.of(schema, 'output')) }),
  ...(type !== undefined && { content: { [type]: { schema: text } } }),
});

/** Where the gateway answers the same status, in its own form, no header is sure to come. */
function failed(status: string, when: string, route: Route, schemas: Schemas) {
  const ours = schemas.of(Failure, 'output');
  const refusal = REFUSALS[Number(status)];
  const again = (status === '429' || status === '503') && { 'retry-after': retryAfter };
  if (!refusal?.comes(route)) return { description: when, headers: { ...OURS, ...again }, content: json(ours) };
  return {
    description: `${when} ${fromGateway(refusal.when)}`,
    headers: { 'x-request-id': requestId, ...again },
    content: json({ anyOf: [ours, schemas.of(GatewayFailure, 'output')] }),
  };
}

const fromGateway = (when: string) => `From the gateway: ${when}`;

const json = (schema: object) => ({ 'application/json': { schema } });

const mapped = <T, U>(record: Readonly<Record<string, T>>, to: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
