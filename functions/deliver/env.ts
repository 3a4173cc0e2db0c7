import * as z from 'zod/mini';
import { nonEmptyString } from '../runtime/env.ts';
import { SenderEnv } from '../runtime/webhook-env.ts';

export const Env = z.object({
  ...SenderEnv,
  TABLE_NAME: nonEmptyString,
  DELIVER_QUEUE_URL: nonEmptyString,
  EVENT_BUS_NAME: nonEmptyString,
  /** Attempts under way to one endpoint at most. */
  SLOTS_PER_ENDPOINT: z.coerce.number().check(z.positive()),
});
export type Env = Record<keyof typeof Env.shape, string>;
