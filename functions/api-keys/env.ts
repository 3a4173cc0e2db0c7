import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({ ...CallerEnv, TABLE_NAME: nonEmptyString });
export type Env = Record<keyof typeof Env.shape, string>;
