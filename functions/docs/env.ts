import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

/** Lambda itself says where the bundle is. */
export const Env = z.object({ LAMBDA_TASK_ROOT: nonEmptyString });
