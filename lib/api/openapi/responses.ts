import { type Answer, Failure, type Route } from '../../../functions/route.ts';
import { GatewayFailure, REFUSALS } from './gateway.ts';
import type { Schemas } from './json-schema.ts';

const text = { type: 'string' };
const requestId = { description: 'Identifies the call in the logs.', schema: text };
const retryAfter = { description: 'Seconds.', schema: text };
const OURS = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };

/** The headers and responses that the responses of some routes refer to. */
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

/** Every response of a route, by status. */
export const responses = (route: Route, schemas: Schemas): object => ({
  ...Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => isGatewaysAlone(status, route))
      .map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
  ),
  ...mapped(answersOf(route), (answer, status) => answered(status, answer, route, schemas)),
});

const isGatewaysAlone = (status: string, route: Route) =>
  REFUSALS[Number(status)]?.comes(route) === true && !(status in answersOf(route));

/** The function's answers: the route's own answers and failures, and the failures that every handler can return. */
const answersOf = ({ access, failures, answers }: Route): Readonly<Record<string, Answer>> => ({
  ...mapped(
    {
      ...(access !== 'public' && { 403: `FORBIDDEN: the token gives no role, or a lower one than ${access}.` }),
      500: 'INTERNAL_SERVER_ERROR: the service failed.',
      ...failures,
    },
    (description) => ({ description, schema: Failure }),
  ),
  ...answers,
});

/** Where API Gateway can return the same status in its own shape, no header is guaranteed. */
function answered(status: string, { description, schema, type, headers = {} }: Answer, route: Route, schemas: Schemas) {
  const refusal = REFUSALS[Number(status)]?.comes(route) ? REFUSALS[Number(status)] : undefined;
  const again = (status === '429' || status === '503') && { 'retry-after': retryAfter };
  const own = schema && schemas.of(schema, 'output');
  return {
    description: refusal ? `${description} ${fromGateway(refusal.when)}` : description,
    headers: {
      ...(refusal ? { 'x-request-id': requestId } : OURS),
      ...again,
      ...mapped(headers, (what) => ({ description: what, required: !refusal, schema: text })),
    },
    ...(own && { content: json(refusal ? { anyOf: [own, schemas.of(GatewayFailure, 'output')] } : own) }),
    ...(type !== undefined && { content: { [type]: { schema: text } } }),
  };
}

const fromGateway = (when: string) => `From the gateway: ${when}`;

const json = (schema: object) => ({ 'application/json': { schema } });

const mapped = <T, U>(record: Readonly<Record<string, T>>, to: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
