import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { Env } from './env.ts';
import { gzippedFile, textFile } from './file.ts';
import { DESCRIPTION, type Packed, START, VIEWER } from './files.ts';
import { PAGE, POLICY, SCRIPT } from './page.ts';
import { docsFile, docsPage, openapiDocument } from './routes.ts';

const env = parseEnv(Env);
const packed = (name: Packed, type: string) =>
  gzippedFile(readFileSync(join(env.LAMBDA_TASK_ROOT, `${name}.gz`)), type);
const css: keyof typeof VIEWER = 'swagger-ui.css';
const js: keyof typeof VIEWER = 'swagger-ui-bundle.js';

const description = packed(DESCRIPTION, 'application/json');
const page = textFile(PAGE, 'text/html; charset=utf-8', {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
});
const files = new Map([
  [START, textFile(SCRIPT, VIEWER[js])],
  [css, packed(css, VIEWER[css])],
  [js, packed(js, VIEWER[js])],
]);

export const handler = api([
  endpoint(openapiDocument, async ({ event }) => description.answer(event)),
  endpoint(docsPage, async ({ event }) => page.answer(event)),
  endpoint(docsFile, async ({ parameters, event }) => {
    const file = files.get(parameters.file);
    if (!file) throw new ApiError(404, 'NOT_FOUND', 'The page has no such file.');
    return file.answer(event);
  }),
]);
