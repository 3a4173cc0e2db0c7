import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({ AUDIT_LOG_GROUP: nonEmptyString });
export type Env = Record<keyof typeof Env.shape, string>;
