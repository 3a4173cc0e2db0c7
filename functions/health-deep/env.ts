import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { nonEmptyString } from '../runtime/env.ts';

export const Env = z.object({
  ...CallerEnv,
  TABLE_NAME: nonEmptyString,
  DEAD_LETTER_QUEUE_URL: nonEmptyString,
  RULE_DEAD_LETTER_QUEUE_URL: nonEmptyString,
  DISPATCH_DEAD_LETTER_QUEUE_URL: nonEmptyString,
  DELIVER_DEAD_LETTER_QUEUE_URL: nonEmptyString,
  /** The longest wait of a due group, and the longest time between two sweeps. */
  LATE_SECONDS: z.coerce.number().check(z.positive()),
  UNSWEPT_SECONDS: z.coerce.number().check(z.positive()),
});
export type Env = Record<keyof typeof Env.shape, string>;
