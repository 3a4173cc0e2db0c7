import * as z from 'zod/mini';
import type { BudgetSettings } from '../domain/upstream/budget.ts';
import { nonEmptyString } from './env.ts';

/** The environment variables of a function that reads the budget. */
export const BudgetEnv = {
  TABLE_NAME: nonEmptyString,
  BUDGET_SHARE: z.coerce.number().check(z.positive(), z.maximum(1)),
  ANYCHECK_MAX_RPS: z.coerce.number().check(z.positive()),
};

/** The environment variables of a function that calls AnyCheck. */
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
