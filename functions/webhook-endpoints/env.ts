import * as z from 'zod/mini';
import { CallerEnv } from '../runtime/access/caller.ts';
import { nonEmptyString } from '../runtime/env.ts';
import { SenderEnv } from '../runtime/webhook-env.ts';

export const Env = z.object({
  ...CallerEnv,
  ...SenderEnv,
  TABLE_NAME: nonEmptyString,
  DELIVER_QUEUE_URL: nonEmptyString,
  EVENT_BUS_NAME: nonEmptyString,
});
export type Env = Record<keyof typeof Env.shape, string>;
