import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  ...CallerEnv,
  /** Who may read the OpenAPI document. The page and its files are always public. */
  OPENAPI_ACCESS: z.enum(['public', 'viewer']),
  /** Lambda sets this variable to the directory of the bundle. */
  LAMBDA_TASK_ROOT: nonEmptyString,
});
export type Env = Omit<z.output<typeof Env>, 'LAMBDA_TASK_ROOT'>;
