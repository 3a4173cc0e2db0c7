import * as z from 'zod/mini';

export const Env = z.object({ TABLE_NAME: z.string().check(z.minLength(1)) });
export type Env = Record<keyof typeof Env.shape, string>;
