import * as z from 'zod/mini';
import { AnyCheckEnv } from '../runtime/anycheck-env.ts';
import { RetentionEnv } from '../runtime/retention-env.ts';

export const Env = z.object({
  ...AnyCheckEnv,
  ...RetentionEnv,
  LEDGER_TABLE_NAME: z.string().check(z.minLength(1)),
  REFRESH_QUEUE_URL: z.string().check(z.minLength(1)),
});
export type Env = Record<keyof typeof Env.shape, string>;
