import { NOTHING, type Route } from '../../../functions/route.ts';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { schemas as newSchemas, type Schemas } from './json-schema.ts';
import { responses, sharedResponses } from './responses.ts';

/**
 * The OpenAPI document of some routes, from the schemas that their handlers use.
 * @param routes by operation id.
 */
export function openapi(routes: Readonly<Record<string, Route>>, version: string): object {
  const schemas = newSchemas();
  const paths: Record<string, Record<string, object>> = {};
  for (const [id, route] of Object.entries(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(id, route, schemas) };
  }
  const shared = sharedResponses(Object.values(routes), schemas);
  return {
    openapi: '3.1.1',
    info: { title: 'anycheck-snapshots', version, description: ABOUT },
    // Relative to this document, wherever it is served.
    servers: [{ url: '.' }],
    tags: [...new Set(Object.values(routes).map(({ lambda }) => lambda))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.shared,
      ...shared,
      securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: TOKEN } },
    },
  };
}

const ABOUT =
  `AnyCheck’s verifications, answered from versioned snapshots. Roles, each of which may do what those before it may: ${ROLES.join(', ')}. ` +
  'What fails is told in AnyCheck’s shape (Failure); what the gateway itself refuses, in its own (GatewayFailure). A path or ' +
  'method that is not here is 404 NOT_FOUND, or 401 without a token. Numbers have all the digits that AnyCheck sent: whoever ' +
  'reads them as floating point, as the viewer of this page does, rounds those of more than 16.';

const TOKEN = 'An access token. Its bearer’s groups, or its own scopes, give the role.';

function operation(id: string, route: Route, schemas: Schemas): object {
  const { access, body } = route;
  const given = parameters(route, schemas);
  return {
    operationId: id,
    tags: [route.lambda],
    summary: route.summary,
    description: access === 'public' ? 'Needs no token.' : `Needs the role ${access} at least.`,
    'x-role': access,
    security: access === 'public' ? [] : [{ token: [] }],
    ...(given.length > 0 && { parameters: given }),
    ...(body !== NOTHING && {
      requestBody: { required: true, content: { 'application/json': { schema: schemas.of(body, 'input') } } },
    }),
    responses: responses(route, schemas),
  };
}

const parameters = (route: Route, schemas: Schemas): object[] => [
  ...schemas.fields(route.parameters).map((field) => ({ in: 'path', ...field, required: true })),
  ...schemas.fields(route.query).map((field) => ({ in: 'query', ...field })),
  ...Object.entries(route.headers ?? {}).map(([name, description]) => ({
    in: 'header',
    name,
    description,
    schema: { type: 'string' },
  })),
];
