import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { gzippedFile } from '../runtime/rest/gzipped-file.ts';
import { Env } from './env.ts';
import { PAGE, TYPES } from './files.ts';
import { policy } from './policy.ts';
import { consoleFile, consolePage } from './routes.ts';

const { CONNECT_ORIGINS: origins, LAMBDA_TASK_ROOT: directory } = parseEnv(Env);
const packed = (name: string, type: string, headers: Readonly<Record<string, string>>) =>
  gzippedFile(readFileSync(join(directory, `${name}.gz`)), type, headers);

const page = packed(PAGE, 'text/html; charset=utf-8', {
  // The page names its files by their content. A stored page could name files that a deployment has replaced.
  'cache-control': 'no-cache',
  'content-security-policy': policy(origins === '' ? [] : origins.split(' ')),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
});
const files = new Map(
  readdirSync(directory).flatMap((packedName) => {
    const name = packedName.replace(/\.gz$/, '');
    const type = name === packedName ? undefined : TYPES.get(extname(name));
    return type ? [[name, packed(name, type, { 'cache-control': 'public, max-age=31536000, immutable' })]] : [];
  }),
);

export const handler = api([
  endpoint(consolePage, async ({ event }) => page.answer(event)),
  endpoint(consoleFile, async ({ parameters, event }) => {
    const file = files.get(parameters.file);
    if (!file) throw new ApiError(404, 'NOT_FOUND', 'The page has no such file.');
    return file.answer(event);
  }),
]);
