import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({ USER_POOL_CLIENT_ID: nonEmptyString });
export type Env = Record<keyof typeof Env.shape, string>;
