import * as z from 'zod/mini';
import { type Answer, FOR_ANYBODY, NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { FILES } from './files.ts';

const IN_COMMON = {
  ...NO_INPUT,
  method: 'GET',
  lambda: 'docs',
  headers: {
    'if-none-match': 'An ETag. The answer is 304 if the file still has it.',
  },
} as const;

const ANY_CACHE = 'Any cache may store the answer for five minutes.';
const UNENCODED = 'INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer.';
const FAILURES = { 400: UNKNOWN_PARAMETER, 406: UNENCODED } as const;
const answers = (answer: Answer, cacheControl = ANY_CACHE) => {
  const headers = {
    etag: 'The weak ETag of this file. Send it as If-None-Match.',
    'cache-control': cacheControl,
  };
  return {
    200: { ...answer, headers },
    304: { description: 'The file still has the ETag in If-None-Match.', headers },
  };
};

const OPENAPI = {
  ...IN_COMMON,
  path: '/openapi.json',
  summary: 'Returns this OpenAPI document',
  failures: FAILURES,
} as const;
const DOCUMENT = {
  description: 'The OpenAPI document.',
  schema: z.looseObject({ openapi: z.string() }).check(z.meta({ id: 'OpenApiDocument' })),
};

export const openapiDocument = { ...OPENAPI, ...FOR_ANYBODY, answers: answers(DOCUMENT) } as const satisfies Route;

/** The same route in a deployment with the setting `openapi_public` false. */
export const guardedDocument = {
  ...OPENAPI,
  access: 'viewer',
  answers: answers(DOCUMENT, 'No shared cache may store the answer.'),
} as const satisfies Route;

export const listAddresses = {
  ...IN_COMMON,
  ...FOR_ANYBODY,
  path: '/',
  summary: 'Lists the addresses of this deployment',
  answers: answers({
    description: 'The addresses, as paths on this host.',
    schema: z
      .object({
        service: z.literal('anycheck-snapshots'),
        version: z.string(),
        addresses: z
          .record(z.string(), z.string())
          .check(z.meta({ description: 'By purpose. Without a user pool there is no login.' })),
      })
      .check(z.meta({ id: 'Addresses' })),
  }),
  failures: FAILURES,
} as const satisfies Route;

export const docsPage = {
  ...IN_COMMON,
  ...FOR_ANYBODY,
  path: '/docs',
  summary: 'Returns a page that shows this OpenAPI document',
  answers: answers({ description: 'The page. It loads files from this host only.', type: 'text/html' }),
  failures: FAILURES,
} as const satisfies Route;

export const docsFile = {
  ...IN_COMMON,
  ...FOR_ANYBODY,
  path: '/docs/{file}',
  summary: 'Returns a file of the page',
  parameters: z.object({ file: z.string().check(z.meta({ enum: FILES.map(([name]) => name) })) }),
  answers: answers({ description: 'A script or a style sheet.', type: 'text/*' }),
  failures: { ...FAILURES, 404: 'NOT_FOUND: The page has no such file.' },
} as const satisfies Route;
