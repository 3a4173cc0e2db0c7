import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/caller.ts';

export const Env = z.object({
  ...CallerEnv,
  TABLE_NAME: z.string().check(z.minLength(1)),
  REFRESH_QUEUE_URL: z.string().check(z.minLength(1)),
  UNKNOWN_FOLLOWS_PER_DAY: z.coerce.number().check(z.positive()),
  RETENTION_DAYS: z.coerce.number().check(z.positive()),
});
export type Env = Record<keyof typeof Env.shape, string>;
