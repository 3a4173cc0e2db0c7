import { nextRefresh } from '../group/next-refresh.ts';
import type { Phase } from '../group/phase.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Schedules } from '../store/ports.ts';
import { trackedIn } from '../store/retained-version.ts';
import { isLeased, type Served } from './next-step.ts';
import { stalenessThreshold } from './staleness.ts';

export interface EarlyRefreshDeps {
  readonly store: Pick<Schedules, 'expedite'>;
  readonly queue: RefreshQueue;
  readonly now: () => number;
  /** The shortest staleness threshold by phase, seconds. See stalenessThreshold. */
  readonly freshSeconds: Readonly<Record<Phase, number>>;
  /** Receives the error of an early refresh that could not be queued. */
  readonly onQueueFault: (resultId: string, error: unknown) => void;
}

/**
 * Queues an early refresh of a group whose snapshot is older than its staleness threshold (stale-while-revalidate). It
 * never throws.
 */
export async function requestEarlyRefresh(deps: EarlyRefreshDeps, resultId: string, group: Served): Promise<void> {
  const now = deps.now();
  const schedule = trackedIn(group);
  if (!schedule || isLeased(schedule, now)) return;
  const { snapshot } = group;
  const threshold = stalenessThreshold(deps.freshSeconds, schedule.phase, now - snapshot.publishedAt);
  if (now - confirmedAt(snapshot, schedule) <= threshold) return;
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
