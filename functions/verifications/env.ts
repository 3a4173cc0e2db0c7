import * as z from 'zod/mini';
import { AnyCheckEnv } from '../runtime/anycheck-env.ts';
import { CallerEnv } from '../runtime/caller.ts';
import { given } from '../runtime/env.ts';
import { RetentionEnv } from '../runtime/retention-env.ts';

const seconds = z.coerce.number().check(z.positive());

export const Env = z.object({
  ...AnyCheckEnv,
  ...CallerEnv,
  REFRESH_QUEUE_URL: given,
  ...RetentionEnv,
  UNKNOWN_READS_PER_MINUTE: z.coerce.number().check(z.positive()),
  NEW_GROUPS_PER_DAY: z.coerce.number().check(z.positive()),
  FRESH_ACTIVE_SECONDS: seconds,
  FRESH_WAITING_SECONDS: seconds,
  FRESH_SETTLED_SECONDS: seconds,
});
export type Env = Record<keyof typeof Env.shape, string>;
