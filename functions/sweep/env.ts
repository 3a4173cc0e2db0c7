import * as z from 'zod';
import { BudgetEnv } from '../runtime/anycheck-env.ts';

export const Env = z.object({
  ...BudgetEnv,
  REFRESH_QUEUE_URL: z.string().min(1),
});
export type Env = Record<keyof typeof Env.shape, string>;
