import * as z from 'zod';

export const Env = z.object({ AUDIT_LOG_GROUP: z.string().min(1) });
export type Env = Record<keyof typeof Env.shape, string>;
