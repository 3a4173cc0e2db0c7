import * as z from 'zod/mini';
import { BudgetEnv } from '../runtime/anycheck-env.ts';
import { nonEmptyString } from '../runtime/env.ts';
import { GroupRetentionEnv } from '../runtime/retention-env.ts';

export const Env = z.object({
  ...BudgetEnv,
  ...GroupRetentionEnv,
  REFRESH_QUEUE_URL: nonEmptyString,
  DELIVER_QUEUE_URL: nonEmptyString,
});
export type Env = Record<keyof typeof Env.shape, string>;
