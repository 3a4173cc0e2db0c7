import * as z from 'zod/mini';

export const Env = z.object({ AUDIT_LOG_GROUP: z.string().check(z.minLength(1)) });
export type Env = Record<keyof typeof Env.shape, string>;
