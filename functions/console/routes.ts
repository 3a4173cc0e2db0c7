import * as z from 'zod/mini';
import { FOR_ANYBODY, NO_INPUT, NOTHING, type Route, UNKNOWN_PARAMETER } from '../route.ts';

const IN_COMMON = {
  ...NO_INPUT,
  ...FOR_ANYBODY,
  method: 'GET',
  lambda: 'console',
  headers: {
    'if-none-match': 'An ETag. The answer is 304 if the file still has it.',
  },
} as const;

const UNENCODED = 'INVALID_REQUEST: Accept-Encoding refuses zstd, br, gzip and the unencoded answer.';
const answers = (description: string, type: string, cacheControl: string) => {
  const headers = {
    etag: 'The weak ETag of this file. Send it as If-None-Match.',
    'cache-control': cacheControl,
  };
  return {
    200: { description, type, headers },
    304: { description: 'The file still has the ETag in If-None-Match.', headers },
  };
};

export const consolePage = {
  ...IN_COMMON,
  path: '/console',
  summary: 'Returns a page that shows groups, health, webhooks and API keys',
  // The page keeps its state in the query, and an issuer adds parameters of its own.
  query: NOTHING,
  answers: answers('The page. It loads files from this host only.', 'text/html', 'A cache revalidates each use.'),
  failures: { 406: UNENCODED },
} as const satisfies Route;

export const consoleFile = {
  ...IN_COMMON,
  path: '/console/{file}',
  summary: 'Returns a file of the page',
  parameters: z.object({ file: z.string() }),
  answers: answers('A script or a style sheet.', 'text/*', 'Any cache may store the answer for a year.'),
  failures: { 400: UNKNOWN_PARAMETER, 404: 'NOT_FOUND: The page has no such file.', 406: UNENCODED },
} as const satisfies Route;
