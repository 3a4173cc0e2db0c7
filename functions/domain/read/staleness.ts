import type { Phase } from '../group/phase.ts';

/**
 * The share of the time without change that a snapshot may be old before a plain read requests a refresh. Of a group
 * that is not settled it is far below the shares of the schedule, so that a reader speeds up its refreshes.
 */
const SHARE = { active: 1 / 200, waiting: 1 / 200, settled: 1 / 20 } as const;
/** ms */
const MAX_THRESHOLD_MS = 86_400_000;

/**
 * Returns the ms since AnyCheck last confirmed a snapshot, beyond which a plain read requests a refresh.
 * @param freshSeconds the shortest threshold by phase, at most a day.
 * @param unchanged ms since this service published the current version. AnyCheck's own timestamps do not count.
 */
export const stalenessThreshold = (
  freshSeconds: Readonly<Record<Phase, number>>,
  phase: Phase,
  unchanged: number,
): number => Math.max(freshSeconds[phase] * 1000, Math.min(unchanged * SHARE[phase], MAX_THRESHOLD_MS));
