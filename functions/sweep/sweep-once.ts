import type { SweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { type RetireDeps, retire } from '../domain/erasure/retire.ts';
import { SWEEP_AHEAD, type SweepDeps, sweep } from '../domain/refresh/sweep.ts';
import type { BudgetSettings } from '../domain/upstream/budget.ts';
import type { BudgetStore } from '../domain/upstream/budget-store.ts';
import { sweepLimit } from '../domain/upstream/rate-limit.ts';
import { log } from '../runtime/log/log.ts';

/** ms of the function's time that are left for ending well. */
const END_WELL = 10_000;

interface Deps extends SweepDeps, RetireDeps {
  readonly budget: Pick<BudgetStore, 'read'>;
  readonly settings: BudgetSettings;
  readonly sweeps: Pick<SweepRow, 'ended'>;
  /** ms after the last change of a settled group; undefined: for ever. */
  readonly keptFor: number | undefined;
}

/** One run of the schedule. @param left ms until the function's time is over. */
export async function sweepOnce(deps: Deps, left: number): Promise<void> {
  const { budget, settings, sweeps, keptFor, now } = deps;
  const until = now() + left - END_WELL;
  if (keptFor !== undefined) await retire(deps, keptFor);
  const found = await budget.read();
  const limit = sweepLimit(found, settings, SWEEP_AHEAD, now());
  const { queued, oldestDueSeconds } = await sweep(deps, limit, until);
  await sweeps.ended(now());
  const FoundOpen = found.probeAt === undefined ? 0 : 1;
  log('info', 'sweep.done', { limit }, { Sweeps: 1, Due: queued, OldestDueSeconds: oldestDueSeconds, FoundOpen });
}
