import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';

export const Env = z.object(CallerEnv);
export type Env = Record<keyof typeof Env.shape, string>;
