import * as z from 'zod/mini';
import type { Phase } from '../domain/group/phase.ts';
import { CallerEnv } from '../runtime/access/caller.ts';
import { KeyEnv } from '../runtime/access/key-caller.ts';
import { AnyCheckEnv } from '../runtime/anycheck-env.ts';
import { nonEmptyString } from '../runtime/env.ts';
import { RetentionEnv } from '../runtime/retention-env.ts';

const seconds = z.coerce.number().check(z.positive());

export const Env = z.object({
  ...AnyCheckEnv,
  ...CallerEnv,
  ...KeyEnv,
  REFRESH_QUEUE_URL: nonEmptyString,
  DELAY_QUEUE_URL: nonEmptyString,
  ...RetentionEnv,
  UNKNOWN_READS_PER_MINUTE: z.coerce.number().check(z.positive()),
  NEW_GROUPS_PER_DAY: z.coerce.number().check(z.positive()),
  FRESH_ACTIVE_SECONDS: seconds,
  FRESH_WAITING_SECONDS: seconds,
  FRESH_SETTLED_SECONDS: seconds,
});
export type Env = Record<keyof typeof Env.shape, string>;

/** By phase, the age in seconds from which a plain read queues an early refresh. */
export const freshSeconds = (env: z.output<typeof Env>): Readonly<Record<Phase, number>> => ({
  active: env.FRESH_ACTIVE_SECONDS,
  waiting: env.FRESH_WAITING_SECONDS,
  settled: env.FRESH_SETTLED_SECONDS,
});
