import type { SweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { type ExpireSettledDeps, expireSettled } from '../domain/erasure/expire-settled.ts';
import { SWEEP_AHEAD_SECONDS, type SweepDeps, sweep } from '../domain/refresh/sweep.ts';
import type { BudgetSettings } from '../domain/upstream/budget.ts';
import type { BudgetStore } from '../domain/upstream/budget-store.ts';
import { sweepLimit } from '../domain/upstream/rate-limit.ts';
import { log } from '../runtime/log/log.ts';

/** ms before the function's timeout at which the sweep stops queueing. They are reserved for recording its end. */
const FINISH_RESERVE_MS = 10_000;

interface Deps extends SweepDeps, ExpireSettledDeps {
  readonly budget: Pick<BudgetStore, 'read'>;
  readonly settings: BudgetSettings;
  readonly sweeps: Pick<SweepRow, 'ended'>;
  /** ms after the last change of a settled group until it is erased; undefined: never. */
  readonly groupRetentionMs: number | undefined;
}

/**
 * One scheduled run. It erases expired settled groups and queues the due groups.
 * @param leftMs ms until the function's timeout.
 */
export async function sweepOnce(deps: Deps, leftMs: number): Promise<void> {
  const { budget, settings, sweeps, groupRetentionMs, now } = deps;
  const until = now() + leftMs - FINISH_RESERVE_MS;
  if (groupRetentionMs !== undefined) await expireSettled(deps, groupRetentionMs);
  const found = await budget.read();
  const limit = sweepLimit(found, settings, SWEEP_AHEAD_SECONDS, now());
  const { queued, oldestDueSeconds } = await sweep(deps, limit, until);
  await sweeps.ended(now());
  const FoundOpen = found.probeAt === undefined ? 0 : 1;
  log('info', 'sweep.done', { limit }, { Sweeps: 1, Due: queued, OldestDueSeconds: oldestDueSeconds, FoundOpen });
}
