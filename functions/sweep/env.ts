import * as z from 'zod';
import { BudgetEnv } from '../runtime/anycheck-env.ts';
import { RetentionEnv } from '../runtime/retention-env.ts';

export const Env = z.object({
  ...BudgetEnv,
  ...RetentionEnv,
  REFRESH_QUEUE_URL: z.string().min(1),
});
export type Env = Record<keyof typeof Env.shape, string>;
