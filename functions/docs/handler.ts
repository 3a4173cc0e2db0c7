import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { gzippedFile } from '../runtime/rest/gzipped-file.ts';
import { Env } from './env.ts';
import { DESCRIPTION, FILES, INDEX, PAGE, type Packed } from './files.ts';
import { POLICY } from './policy.ts';
import { docsFile, docsPage, guardedDocument, listAddresses, openapiDocument } from './routes.ts';

const env = parseEnv(Env);
const isGuarded = env.OPENAPI_ACCESS !== 'public';
const packed = (name: Packed, type: string, headers?: Readonly<Record<string, string>>) =>
  gzippedFile(readFileSync(join(env.LAMBDA_TASK_ROOT, `${name}.gz`)), type, headers);

const description = packed(
  DESCRIPTION,
  'application/json',
  isGuarded ? { 'cache-control': 'private, no-cache' } : undefined,
);
const index = packed(INDEX, 'application/json');
const page = packed(PAGE, 'text/html; charset=utf-8', {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
});
const files = new Map(FILES.map(([name, type]) => [name.toString(), packed(name, type)]));

export const handler = api(
  [
    endpoint(isGuarded ? guardedDocument : openapiDocument, async ({ event }) => description.answer(event)),
    endpoint(listAddresses, async ({ event }) => index.answer(event)),
    endpoint(docsPage, async ({ event }) => page.answer(event)),
    endpoint(docsFile, async ({ parameters, event }) => {
      const file = files.get(parameters.file);
      if (!file) throw new ApiError(404, 'NOT_FOUND', 'The page has no such file.');
      return file.answer(event);
    }),
  ],
  env,
);
