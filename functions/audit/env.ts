import * as z from 'zod/mini';
import { given } from '../runtime/env.ts';

export const Env = z.object({ AUDIT_LOG_GROUP: given });
export type Env = Record<keyof typeof Env.shape, string>;
