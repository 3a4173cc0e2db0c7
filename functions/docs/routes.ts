import * as z from 'zod/mini';
import { type Answer, FOR_ANYBODY, NO_INPUT, type Route } from '../route.ts';
import { FILES } from './files.ts';

const IN_COMMON = {
  ...NO_INPUT,
  method: 'GET',
  lambda: 'docs',
  ...FOR_ANYBODY,
  headers: { 'if-none-match': 'An ETag: 304 where it still stands.' },
} as const;

const headers = { etag: 'Weak: send it as If-None-Match.', 'cache-control': 'Five minutes, for everybody.' };
const answers = (answer: Answer) => ({
  200: { ...answer, headers },
  304: { description: 'What If-None-Match names is still so.', headers },
});

export const openapiDocument = {
  ...IN_COMMON,
  path: '/openapi.json',
  summary: 'This description',
  answers: answers({ description: 'An OpenAPI document.', schema: z.looseObject({ openapi: z.string() }) }),
  failures: {},
} as const satisfies Route;

export const docsPage = {
  ...IN_COMMON,
  path: '/docs',
  summary: 'This description as a page',
  answers: answers({ description: 'A page that loads from this host alone.', type: 'text/html' }),
  failures: {},
} as const satisfies Route;

export const docsFile = {
  ...IN_COMMON,
  path: '/docs/{file}',
  summary: 'A file of that page',
  parameters: z.object({ file: z.string().check(z.meta({ enum: FILES })) }),
  answers: answers({ description: 'A script or a style sheet.', type: 'text/*' }),
  failures: { 404: 'NOT_FOUND: the page has no such file.' },
} as const satisfies Route;
