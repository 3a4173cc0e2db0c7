import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  /** The origins beside its own that the page may call, separated by spaces. Empty for none. */
  CONNECT_ORIGINS: z.string(),
  /** Lambda sets this variable to the directory of the bundle. */
  LAMBDA_TASK_ROOT: nonEmptyString,
});
export type Env = Omit<z.output<typeof Env>, 'LAMBDA_TASK_ROOT'>;
