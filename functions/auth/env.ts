import * as z from 'zod';

export const Env = z.object({ USER_POOL_CLIENT_ID: z.string().min(1) });
export type Env = Record<keyof typeof Env.shape, string>;
