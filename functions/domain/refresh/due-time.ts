import type { Schedule } from '../group/schedule.ts';

/** ms after a refresh request of the last recheck. */
export const MAX_RECHECK_MS = 120_000;
/**
 * ms after a refresh request at which a group is refreshed again while nothing new was found: a webhook can come before
 * AnyCheck's own list shows the change.
 */
const RECHECKS_MS = [5_000, 30_000, MAX_RECHECK_MS];
/** ms: a due time that lies at least so far ahead was not queued before, also where the functions' clocks differ. */
const MIN_AHEAD_MS = 1_000;
/** ms that the sweep may come late for a due time. A recheck within this time after it replaces it. */
const SWEEP_INTERVAL_MS = 60_000;

type Times = Pick<Schedule, 'due' | 'expeditedDue' | 'lastAttempt'>;

/**
 * Returns a due time for at once. The queue drops a second message with the same due time, so a due time that was
 * queued is never set again: this one is later than each of them.
 * @param now ms since the epoch, by a clock that may be behind the one of an earlier due time.
 */
export function atOnce({ due = 0, expeditedDue = 0, lastAttempt = 0 }: Times, now: number): number {
  return Math.max(now, 1 + Math.max(expeditedDue, lastAttempt, due <= now ? due : 0));
}

/** How a refresh ended. Times in ms since the epoch. */
export interface Ending {
  /** The due time that it started from, and the one that the cadence or the backoff demands. */
  readonly from: number;
  readonly next: number | undefined;
  /** When it began to fetch, and when it ended. */
  readonly begun: number;
  readonly attempt: number;
  readonly result: 'news' | 'nothing new' | 'failure';
  /** When the group's unannounced versions are due to be announced; undefined where there are none. */
  readonly announceAt?: number | undefined;
}

/** The due time after a refresh. */
export interface NextDue {
  readonly due: number | undefined;
  /** Set where `due` is that of an announcement alone. See Schedule. */
  readonly refreshDue?: number | null | undefined;
  /** Who queues it: the run that sets it, at once or for later; or the sweep. */
  readonly queuedBy: 'run' | 'run, for later' | 'sweep';
  readonly isRequestConsumed: boolean;
}

/**
 * Returns the due time after a refresh: that of the next refresh, or of the announcement where it comes first.
 * @param known what the schedule record holds at that moment.
 */
export function dueAfter(ending: Ending, known: Pick<Schedule, 'requestedAt' | 'expeditedDue'>): NextDue {
  const refresh = refreshAfter(ending, known);
  const { announceAt, attempt: now } = ending;
  if (announceAt === undefined || (refresh.due !== undefined && refresh.due <= announceAt)) return refresh;
  const isNow = announceAt <= now;
  return {
    due: isNow ? soonAfter(ending, known) : announceAt,
    refreshDue: refresh.due ?? null,
    queuedBy: isNow ? 'run' : 'sweep',
    isRequestConsumed: refresh.isRequestConsumed,
  };
}

/** Returns a due time for at once after a run that started from `from`. */
const soonAfter = ({ from, attempt }: Ending, { expeditedDue }: Pick<Schedule, 'expeditedDue'>) =>
  atOnce({ due: from, expeditedDue, lastAttempt: undefined }, attempt);

/**
 * Returns when the next refresh is due. A refresh request stays until a refresh that began after it finds something new,
 * or until its last recheck.
 */
function refreshAfter(ending: Ending, known: Pick<Schedule, 'requestedAt' | 'expeditedDue'>): NextDue {
  const { next, begun, attempt: now, result } = ending;
  const { requestedAt } = known;
  if (requestedAt !== undefined && requestedAt > begun) {
    return { due: soonAfter(ending, known), queuedBy: 'run', isRequestConsumed: false };
  }
  const recheck = result === 'nothing new' && requestedAt !== undefined ? recheckAfter(requestedAt, now) : undefined;
  const isRequestConsumed = result !== 'failure' && recheck === undefined;
  if (next !== undefined && next <= now) return { due: soonAfter(ending, known), queuedBy: 'run', isRequestConsumed };
  if (recheck !== undefined && (next === undefined || recheck <= next + SWEEP_INTERVAL_MS)) {
    return { due: recheck, queuedBy: 'run, for later', isRequestConsumed };
  }
  return { due: next, queuedBy: 'sweep', isRequestConsumed };
}

const recheckAfter = (requestedAt: number, now: number) =>
  RECHECKS_MS.map((after) => requestedAt + after).find((at) => at >= now + MIN_AHEAD_MS);
