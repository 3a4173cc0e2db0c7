import * as z from 'zod/mini';
import { AnyCheckEnv } from '../runtime/anycheck-env.ts';
import { nonEmptyString } from '../runtime/env.ts';
import { RetentionEnv } from '../runtime/retention-env.ts';

export const Env = z.object({
  ...AnyCheckEnv,
  ...RetentionEnv,
  LEDGER_TABLE_NAME: nonEmptyString,
  REFRESH_QUEUE_URL: nonEmptyString,
  DELAY_QUEUE_URL: nonEmptyString,
  EVENT_BUS_NAME: nonEmptyString,
});
export type Env = Record<keyof typeof Env.shape, string>;
