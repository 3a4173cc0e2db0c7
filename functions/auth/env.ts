import * as z from 'zod/mini';
import { given } from '../runtime/env.ts';

export const Env = z.object({ USER_POOL_CLIENT_ID: given });
export type Env = Record<keyof typeof Env.shape, string>;
