import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { KeyEnv } from '../runtime/access/key-caller.ts';

export const Env = z.object({ ...CallerEnv, ...KeyEnv });
export type Env = Record<keyof typeof Env.shape, string>;
