import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { ApiError } from '../domain/errors.ts';
import { once } from '../domain/once.ts';
import { routes } from '../routes.ts';
import { api, endpoint } from '../runtime/api.ts';
import { given, parseEnv } from '../runtime/env.ts';
import { Env } from './env.ts';
import { gzippedFile, textFile } from './file.ts';
import { START, VIEWER } from './files.ts';
import { openapi } from './openapi.ts';
import { PAGE, POLICY, SCRIPT } from './page.ts';
import { docsFile, docsPage, openapiDocument } from './routes.ts';

// Lambda itself says where the bundle is.
const env = parseEnv(z.extend(Env, { LAMBDA_TASK_ROOT: given }));

const deployed = Object.entries(routes).filter(([, { lambda }]) => !env.NOT_DEPLOYED.includes(lambda));
// Most of what this function does, and not needed for the page.
const described = once(() =>
  textFile(JSON.stringify(openapi(Object.fromEntries(deployed), env.API_VERSION)), 'application/json'),
);
const page = textFile(PAGE, 'text/html; charset=utf-8', {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
});
const files = new Map([
  [START, textFile(SCRIPT, VIEWER['swagger-ui-bundle.js'])],
  ...Object.entries(VIEWER).map(
    ([name, type]) => [name, gzippedFile(readFileSync(join(env.LAMBDA_TASK_ROOT, `${name}.gz`)), type)] as const,
  ),
]);

export const handler = api([
  endpoint(openapiDocument, async ({ event }) => described().answer(event)),
  endpoint(docsPage, async ({ event }) => page.answer(event)),
  endpoint(docsFile, async ({ parameters, event }) => {
    const file = files.get(parameters.file);
    if (!file) throw new ApiError(404, 'NOT_FOUND', 'The page has no such file.');
    return file.answer(event);
  }),
]);
