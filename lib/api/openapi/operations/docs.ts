import { ETAG, type Operation, UNKNOWN_PARAMETER } from './operation.ts';

export const PARAMETERS = { 'if-none-match': ETAG };
export const NOT_ACCEPTABLE: Operation['failures'] = {
  406: { error_code: 'INVALID_REQUEST', message: 'Accept-Encoding refuses zstd, br, gzip and the unencoded answer.' },
};

export const listAddresses: Operation = {
  description:
    'Returns where this deployment has its description, its health, its data and, with a user pool, its login.',
  parameters: PARAMETERS,
  answers: {
    200: {
      service: 'anycheck-snapshots',
      version: '1.0.0',
      addresses: { docs: '/docs', openapi: '/openapi.json', health: '/health', login: '/auth/login' },
    },
  },
  failures: { 400: UNKNOWN_PARAMETER, ...NOT_ACCEPTABLE },
};

export const openapiDocument: Operation = {
  description: 'Returns the OpenAPI 3.1 document of this deployment. It contains every route that the deployment has.',
  parameters: PARAMETERS,
  answers: { 200: { openapi: '3.1.1', info: { title: 'anycheck-snapshots', version: '1.0.0' }, paths: {} } },
  failures: { 400: UNKNOWN_PARAMETER, ...NOT_ACCEPTABLE },
};

export const docsPage: Operation = {
  description:
    'Returns an HTML page that shows the OpenAPI document and calls the routes from the browser. The page keeps a ' +
    'token for its tab only, and sends it to this host only.',
  parameters: PARAMETERS,
  answers: { 200: '<!doctype html>…' },
  failures: { 400: UNKNOWN_PARAMETER, ...NOT_ACCEPTABLE },
};

export const docsFile: Operation = {
  description: 'Returns a script or a style sheet of the page at /docs.',
  parameters: PARAMETERS,
  answers: { 200: '.swagger-ui{…}' },
  failures: {
    400: UNKNOWN_PARAMETER,
    404: { error_code: 'NOT_FOUND', message: 'The page has no such file.' },
    ...NOT_ACCEPTABLE,
  },
};
