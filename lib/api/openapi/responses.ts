import type * as z from 'zod/mini';
import { type Answer, Failure, type Route } from '../../../functions/route.ts';
import { content } from './content.ts';
import { GatewayFailure, REFUSALS } from './gateway.ts';
import type { Schemas } from './json-schema.ts';
import type { Operation } from './operations/operation.ts';

const text = { type: 'string' };
const requestId = { description: 'Identifies the call in the logs.', schema: text };
const retryAfter = { description: 'Seconds.', schema: text };
const challenge = { description: 'What is wrong with the token (RFC 6750, 3), or ApiKey.', schema: text };
const OURS = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };

/** The headers and responses that the responses of some routes refer to. */
export const sharedResponses = (routes: readonly Route[], schemas: Schemas) => ({
  headers: { RequestId: { ...requestId, required: true } },
  responses: Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => routes.some((route) => isGatewaysAlone(status, route)))
      .map(([status, { name, when, message }]) => [
        name,
        {
          description: fromGateway(when),
          ...(status === '401' && { headers: { 'www-authenticate': challenge } }),
          content: json(content(schemas.of(GatewayFailure, 'output'), { message })),
        },
      ]),
  ),
});

/** Every response of a route, by status. */
export const responses = (route: Route, operation: Operation | undefined, schemas: Schemas): object => ({
  ...Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => isGatewaysAlone(status, route))
      .map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]),
  ),
  ...mapped(answersOf(route), (answer, status) => {
    const examples = { ...failuresOf(route), ...operation?.failures, ...operation?.answers };
    return answered(status, answer, route, examples[Number(status)], schemas);
  }),
});

/** Every response of HEAD, by status: those of GET without a body. */
export const headResponses = (route: Route, schemas: Schemas): object => ({
  ...Object.fromEntries(
    Object.entries(REFUSALS)
      .filter(([status]) => isGatewaysAlone(status, route))
      .map(([status, { when }]) => [status, { description: fromGateway(when) }]),
  ),
  ...mapped(answersOf(route), ({ description, headers = {} }, status) =>
    answered(status, { description, headers }, route, undefined, schemas),
  ),
});

const isGatewaysAlone = (status: string, route: Route) =>
  REFUSALS[Number(status)]?.comes(route) === true && !(status in answersOf(route));

/** The function's answers: the route's own answers and failures, and the failures that every handler can return. */
const answersOf = ({
  method,
  access,
  takesKeys,
  isForPeople,
  failures,
  answers,
}: Route): Readonly<Record<string, Answer>> => ({
  ...mapped(
    {
      ...(takesKeys && { 401: REFUSED_KEY }),
      ...(access !== 'public' && {
        403: `FORBIDDEN: the ${takesKeys ? 'token or key' : 'token'} gives no role, or a lower one than ${access}${isForPeople ? ', or is not a person’s' : ''}.`,
      }),
      500: 'INTERNAL_SERVER_ERROR: the service failed.',
      ...failures,
    },
    (description) => ({ description, schema: Failure }),
  ),
  ...mapped(answers, (answer) =>
    method === 'GET' ? { ...answer, headers: { ...answer.headers, vary: VARY } } : answer,
  ),
});

/** Every answer to GET is encoded as the caller accepts. */
const VARY = 'The answer depends on Accept-Encoding. A compressed answer has Content-Encoding.';

/** The refusals of the check of API keys. */
const REFUSED_KEY =
  'INVALID_API_KEY: the header X-API-Key is missing, or its key is unknown. API_KEY_EXPIRED: the key has expired, or a ' +
  'rotation has replaced it.';

/** Examples of the failures that every handler can return. */
const failuresOf = ({ access, takesKeys }: Route): Readonly<Record<number, unknown>> =>
  ({
    ...(takesKeys && { 401: { error_code: 'INVALID_API_KEY', message: 'The header X-API-Key is missing.' } }),
    ...(access !== 'public' && {
      403: { error_code: 'FORBIDDEN', message: `This needs the role ${access}; this token has none.` },
    }),
    500: {
      error_code: 'INTERNAL_SERVER_ERROR',
      message: 'The service failed unexpectedly. Its logs contain this failure under the request id.',
    },
  }) satisfies Record<number, z.input<typeof Failure>>;

/** Where API Gateway can return the same status in its own shape, no header is guaranteed. */
function answered(
  status: string,
  { description, schema, type, headers = {} }: Answer,
  route: Route,
  example: unknown,
  schemas: Schemas,
) {
  const refusal = REFUSALS[Number(status)]?.comes(route) ? REFUSALS[Number(status)] : undefined;
  const again = (status === '429' || status === '503') && { 'retry-after': retryAfter };
  const own = schema && schemas.of(schema, 'output');
  return {
    description: refusal ? `${description} ${fromGateway(refusal.when)}` : description,
    headers: {
      ...(refusal ? { 'x-request-id': requestId } : OURS),
      ...again,
      ...(status === '401' && { 'www-authenticate': challenge }),
      ...mapped(headers, (what) => ({ description: what, required: !refusal, schema: text })),
    },
    ...(own && { content: json(refusal ? ofEither(own, example, refusal.message, schemas) : content(own, example)) }),
    ...(type !== undefined && { content: { [type]: content(text, example) } }),
  };
}

const ofEither = (own: object, example: unknown, message: string, schemas: Schemas) => ({
  schema: { anyOf: [own, schemas.of(GatewayFailure, 'output')] },
  examples: {
    ...(example !== undefined && { service: { summary: 'From the service', value: example } }),
    gateway: { summary: 'From API Gateway', value: { message } },
  },
});

const fromGateway = (when: string) => `From the gateway: ${when}`;

const json = (media: object) => ({ 'application/json': media });

const mapped = <T, U>(record: Readonly<Record<string, T>>, to: (value: T, key: string) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, to(value, key)]));
