import * as z from 'zod/mini';
import type { BudgetSettings } from '../domain/upstream/budget.ts';
import { nonEmptyString } from './env.ts';

/** What a function needs to know of AnyCheck's budget. */
export const BudgetEnv = {
  TABLE_NAME: nonEmptyString,
  BUDGET_SHARE: z.coerce.number().check(z.positive(), z.maximum(1)),
  ANYCHECK_MAX_RPS: z.coerce.number().check(z.positive()),
};

/** What a function that calls AnyCheck needs. */
export const AnyCheckEnv = {
  ...BudgetEnv,
  ANYCHECK_BASE_URL: nonEmptyString,
  ANYCHECK_SECRET_ARN: nonEmptyString,
};
export type AnyCheckEnv = z.output<z.ZodMiniObject<typeof AnyCheckEnv>>;

export const budgetSettings = (env: Pick<AnyCheckEnv, 'BUDGET_SHARE' | 'ANYCHECK_MAX_RPS'>): BudgetSettings => ({
  share: env.BUDGET_SHARE,
  maxRps: env.ANYCHECK_MAX_RPS,
});
