import * as z from 'zod/mini';

export const Env = z.object({ USER_POOL_CLIENT_ID: z.string().check(z.minLength(1)) });
export type Env = Record<keyof typeof Env.shape, string>;
