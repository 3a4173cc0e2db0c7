import type { SweepRow } from '../adapters/dynamodb/sweep-row.ts';
import { countNearEnd, type NearEndDeps } from '../domain/api-keys/near-end.ts';
import { type ExpireSettledDeps, expireSettled } from '../domain/erasure/expire-settled.ts';
import { SWEEP_AHEAD_SECONDS, type SweepDeps, sweep } from '../domain/refresh/sweep.ts';
import type { BudgetSettings } from '../domain/upstream/budget.ts';
import type { BudgetStore } from '../domain/upstream/budget-store.ts';
import { sweepLimit } from '../domain/upstream/rate-limit.ts';
import { type SweepDeliveriesDeps, sweepDeliveries } from '../domain/webhooks/sweep-deliveries.ts';
import { log } from '../runtime/log/log.ts';

/** ms before the function's timeout at which the sweep stops queueing. They are reserved for recording its end. */
const FINISH_RESERVE_MS = 10_000;

interface GroupDeps extends SweepDeps, ExpireSettledDeps {
  readonly budget: Pick<BudgetStore, 'read'>;
  readonly settings: BudgetSettings;
  readonly sweeps: Pick<SweepRow, 'ended'>;
  /** ms after the last change of a settled group until it is erased; undefined: never. */
  readonly groupRetentionMs: number | undefined;
}

interface Deps extends GroupDeps {
  readonly deliveries: SweepDeliveriesDeps;
  readonly apiKeys: NearEndDeps;
}

/**
 * One scheduled run. Groups and deliveries are swept and API keys are counted at the same time, so none waits for another,
 * and a failure of one stops nothing of the others.
 * @param leftMs ms until the function's timeout.
 * @throws the first failure, after all parts have ended.
 */
export async function sweepOnce(deps: Deps, leftMs: number): Promise<void> {
  const parts = await Promise.allSettled([
    sweepGroups(deps, leftMs),
    queueDeliveries(deps.deliveries),
    reportNearEnd(deps.apiKeys),
  ]);
  for (const part of parts) if (part.status === 'rejected') throw part.reason;
}

/** Erases expired settled groups and queues the due groups. */
async function sweepGroups(deps: GroupDeps, leftMs: number): Promise<void> {
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

/** Queues the due deliveries. None of them calls AnyCheck, so its budget does not limit them. */
async function queueDeliveries(deps: SweepDeliveriesDeps): Promise<void> {
  const { queued, oldestDueSeconds } = await sweepDeliveries(deps);
  log('info', 'sweep.deliveries_queued', {}, { DueDeliveries: queued, OldestDeliverySeconds: oldestDueSeconds });
}

/** Reports the API keys that end soon. Where there are none, it logs nothing, so that the metric costs nothing. */
async function reportNearEnd(deps: NearEndDeps): Promise<void> {
  const ApiKeysNearEnd = await countNearEnd(deps);
  if (ApiKeysNearEnd > 0) log('warn', 'sweep.keys_near_end', {}, { ApiKeysNearEnd });
}
