import { KEY_BASE, methodsOf, NOTHING, type Route } from '../../../functions/route.ts';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { content } from './content.ts';
import { schemas as newSchemas, type Schemas } from './json-schema.ts';
import type { Operation } from './operations/operation.ts';
import { operations } from './operations/operations.ts';
import { headResponses, responses, sharedResponses } from './responses.ts';
import { webhooks } from './webhooks.ts';

/**
 * Builds the OpenAPI document of some routes, and of the events, from the schemas that the functions use.
 * @param routes by operation id.
 */
export function openapi(routes: Readonly<Record<string, Route>>, version: string): object {
  const schemas = newSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const [id, route] of Object.entries(routes)) {
    const made = methodsOf(route).map((method): [string, object] => [
      method.toLowerCase(),
      method === 'HEAD' ? head(id, route, schemas) : operation(id, route, schemas),
    ]);
    paths[route.path] = { ...paths[route.path], ...Object.fromEntries(made) };
  }
  const shared = sharedResponses(Object.values(routes), schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'anycheck-snapshots', version, description: ABOUT },
    // Relative to the document's own address, so it fits every host name.
    servers: [{ url: HERE, description: 'This host' }],
    tags: [...new Set(Object.values(routes).map(({ lambda }) => lambda))].map((name) => ({ name })),
    paths,
    webhooks: webhooks(schemas),
    components: {
      schemas: schemas.shared,
      ...shared,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: TOKEN },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: API_KEY },
      },
    },
  };
}

const HERE = '.';

/** Where an operation that takes API keys is. The page at /docs offers them as a choice. */
const SERVERS = [
  { url: HERE, description: 'With a token' },
  { url: KEY_BASE.slice(1), description: 'With an API key' },
];

const ABOUT = [
  'Serves AnyCheck’s verifications from versioned snapshots.\n',
  `- **Roles.** Each role includes the ones before it: ${ROLES.join(', ')}.`,
  `- **API keys.** Below \`${KEY_BASE}\`, the operations that name the security scheme \`apiKey\` take the header ` +
    '`X-API-Key` instead of a token.',
  '- **Errors** of the service have AnyCheck’s shape (`Failure`). Errors of API Gateway have its own shape (`GatewayFailure`).',
  '- **Unknown routes.** An unknown path or method returns 404 `NOT_FOUND` as a `Failure`, or 401 as a `GatewayFailure` ' +
    `without a token. Below \`${KEY_BASE}\`, it always returns 404. A path that cannot be decoded returns 400 as a \`GatewayFailure\`.`,
  '- **Numbers** have all the digits that AnyCheck sent. A client that parses them as floating point, such as the page at ' +
    '/docs, rounds numbers of more than 16 digits.',
  '- **Compression.** Answers to GET are compressed with zstd, br or gzip, as Accept-Encoding prefers. Their bytes are the ' +
    'same after decoding. An ETag stands for every coding.',
  '- **Events.** `webhooks` describes what the service announces. It sends events to the event bus of its deployment ' +
    '(Amazon EventBridge, stack output `EventBusName`) with the source `anycheck-snapshots`. The type is the ' +
    '`detail-type`, the body is the `detail`. Each event is sent at least once, in any order. Its repetitions have the ' +
    'same `id` and the same bytes. Webhook endpoints receive the same body, as signed requests (`POST /webhook-endpoints`).',
].join('\n');

const TOKEN =
  'An access token, without “Bearer”. The role comes from the groups in the token or from its scopes. The page at /docs ' +
  'keeps the token until you close the tab.';

const API_KEY =
  'A key of this service, not one of AnyCheck. It works below the server “With an API key” alone. The page at /docs forgets ' +
  'the key when it is loaded again.';

function operation(id: string, route: Route, schemas: Schemas): object {
  const { body } = route;
  const text = operations.get(id);
  return {
    operationId: id,
    summary: route.summary,
    ...called(
      [text?.description, text?.destroys === undefined ? undefined : `**Warning:** ${text.destroys}`],
      route,
      parameters(route, text, schemas),
    ),
    ...(body !== NOTHING && {
      requestBody: {
        // A call without a body counts as one with an empty object.
        required: !body.safeParse({}).success,
        content: { 'application/json': content(schemas.of(body, 'input'), text?.body) },
      },
    }),
    responses: responses(route, text, schemas),
  };
}

/** The HEAD of a route that answers GET: the same call, whose answer has no body. */
const head = (id: string, route: Route, schemas: Schemas): object => ({
  operationId: `${id}Head`,
  summary: `${route.summary}: the headers alone`,
  ...called(
    [`Answers as GET does, with the same status and headers and without the body.`],
    route,
    parameters(route, operations.get(id), schemas),
  ),
  responses: headResponses(route, schemas),
});

/** What GET and HEAD have in common: who may call a route, and with which parameters. */
const called = (
  description: readonly (string | undefined)[],
  { access, lambda, takesKeys, isForPeople }: Route,
  declared: readonly object[],
) => ({
  tags: [lambda],
  description: [
    ...description.filter((one) => one !== undefined),
    access === 'public' ? 'Requires no token.' : `Requires the role ${access} at least.`,
    ...(isForPeople ? ['Only a person may call it: tokens of machines are refused.'] : []),
  ].join('\n\n'),
  'x-role': access,
  ...(takesKeys && { servers: SERVERS }),
  security: [...(access === 'public' ? [] : [{ token: [] }]), ...(takesKeys ? [{ apiKey: [] }] : [])],
  ...(declared.length > 0 && { parameters: declared }),
});

/** The request header of each route that answers GET. */
const ACCEPT_ENCODING = {
  in: 'header',
  name: 'accept-encoding',
  description: 'zstd, br and gzip compress answers from 1,400 bytes on. An answer over 6 MB needs one of them.',
  required: undefined,
  schema: { type: 'string', examples: ['gzip'] },
};

/**
 * The parameters of a route. The page at /docs fills in the `example` of a parameter and not the `examples` of its
 * schema, so only parameters that a call needs have the former, and none of a route that destroys something.
 */
function parameters(route: Route, text: Operation | undefined, schemas: Schemas): object[] {
  const all = [
    ...schemas.fields(route.parameters).map((field) => ({ in: 'path', ...field, required: true })),
    ...schemas.fields(route.query).map((field) => ({ in: 'query', ...field })),
    ...Object.entries(route.headers ?? {}).map(([name, description]) => ({
      in: 'header',
      name,
      description,
      required: undefined,
      schema: { type: 'string' },
    })),
    ...(route.method === 'GET' ? [ACCEPT_ENCODING] : []),
  ];
  return all.map((parameter) => {
    const example = text?.parameters?.[parameter.name];
    if (example === undefined) return parameter;
    return parameter.required === true && text?.destroys === undefined
      ? { ...parameter, example }
      : { ...parameter, schema: { ...parameter.schema, examples: [example] } };
  });
}
