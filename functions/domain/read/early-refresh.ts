import { nextRefresh } from '../group/next-refresh.ts';
import type { Phase } from '../group/phase.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Schedules } from '../store/ports.ts';
import { trackedIn } from '../store/retained-version.ts';
import { isLeased, type Served } from './next-step.ts';

export interface EarlyRefreshDeps {
  readonly store: Pick<Schedules, 'expedite'>;
  readonly queue: RefreshQueue;
  readonly now: () => number;
  /** Seconds, by phase, from which a plain read queues an early refresh. */
  readonly freshSeconds: Readonly<Record<Phase, number>>;
  /** Receives the error of an early refresh that could not be queued. */
  readonly onQueueFault: (resultId: string, error: unknown) => void;
}

/**
 * Queues an early refresh of a group whose snapshot is older than the threshold of its phase (stale-while-revalidate).
 * It never throws.
 */
export async function requestEarlyRefresh(deps: EarlyRefreshDeps, resultId: string, group: Served): Promise<void> {
  const now = deps.now();
  const schedule = trackedIn(group);
  if (!schedule || isLeased(schedule, now)) return;
  if (now - confirmedAt(group.snapshot, schedule) <= deps.freshSeconds[schedule.phase] * 1000) return;
  // A failing group is retried with backoff. Its readers must not bypass the backoff.
  if (schedule.failures > 0 && (nextRefresh(schedule) ?? now) > now) return;
  try {
    const isDue = schedule.due !== undefined && schedule.due <= now && schedule.refreshDue === undefined;
    if (isDue || (await deps.store.expedite(resultId, now))) {
      await deps.queue.enqueue([{ resultId, due: isDue ? schedule.due : now }]);
    }
  } catch (error) {
    deps.onQueueFault(resultId, error);
  }
}
