import { NOTHING, type Route } from '../../../functions/route.ts';
import { ROLES } from '../../../functions/runtime/access/role.ts';
import { schemas as newSchemas, type Schemas } from './json-schema.ts';
import { responses, sharedResponses } from './responses.ts';

/**
 * Builds the OpenAPI document of some routes from the schemas that their handlers use.
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
    // Relative to the document's own address, so it fits every host name.
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
  `Serves AnyCheck’s verifications from versioned snapshots. Roles, each of which includes the ones before it: ${ROLES.join(', ')}. ` +
  'Errors have AnyCheck’s shape (Failure); errors of the gateway itself have its own shape (GatewayFailure). An unknown path ' +
  'or method returns 404 NOT_FOUND, or 401 without a token. Numbers have all the digits that AnyCheck sent. A client that ' +
  'parses them as floating point, such as the viewer of this page, rounds numbers of more than 16 digits.';

const TOKEN = 'An access token. The role comes from the groups in the token or from its scopes.';

function operation(id: string, route: Route, schemas: Schemas): object {
  const { access, body } = route;
  const declared = parameters(route, schemas);
  return {
    operationId: id,
    tags: [route.lambda],
    summary: route.summary,
    description: access === 'public' ? 'Requires no token.' : `Requires the role ${access} at least.`,
    'x-role': access,
    security: access === 'public' ? [] : [{ token: [] }],
    ...(declared.length > 0 && { parameters: declared }),
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
