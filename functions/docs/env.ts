import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

/** Lambda sets this variable to the directory of the bundle. */
export const Env = z.object({ LAMBDA_TASK_ROOT: nonEmptyString });
