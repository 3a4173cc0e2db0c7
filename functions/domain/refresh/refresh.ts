import { isBehind, waitingSince } from '../events/is-behind.ts';
import type { PageSize } from '../group/page-size.ts';
import { isForgotten, isKnownStatus, type Phase, phaseOf } from '../group/phase.ts';
import { redactedVerification } from '../group/redact.ts';
import type { DueSchedule, StoredGroup, Tracked } from '../group/schedule.ts';
import { summaryOf } from '../group/summary.ts';
import type { RefreshAttempt, Store } from '../store/ports.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import type { UpstreamError } from '../upstream/errors.ts';
import { announceBackoff, backoff, nextRefreshDelay, soonest } from './cadence.ts';
import type { Ending, NextDue } from './due-time.ts';
import { fetchConsistent } from './fetch-consistent.ts';
import { MAX_PAGE_SIZE } from './page-size.ts';
import { planOf } from './publication.ts';
import { publish, recover } from './publish.ts';
import type { RefreshQueue } from './queue.ts';

export interface RefreshDeps {
  readonly store: Store;
  readonly anycheck: AnyCheck;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  readonly queue: RefreshQueue;
  /** A queue whose messages arrive at their due times. */
  readonly delayed: RefreshQueue;
  /** Receives the error of a group that could not be queued. The next sweep queues it. */
  readonly onQueueFault: (resultId: string, error: unknown) => void;
  /** ms after its last change at which a settled group is erased; undefined where it is never erased. */
  readonly groupRetentionMs?: number | undefined;
}

export type RefreshResult =
  | {
      readonly kind: 'published' | 'revised' | 'unchanged';
      readonly version: number;
      readonly phase: Phase;
      readonly unknownStatuses: number;
    }
  | {
      readonly kind: 'failed';
      readonly error: UpstreamError;
      readonly failures: number;
      /** See Schedule. */
      readonly failingSince: number | undefined;
    }
  /** AnyCheck has no such group, and no snapshot was ever served: its rows were deleted. */
  | { readonly kind: 'not_found' }
  /** The group had no item for a day, ever: its rows were deleted. */
  | { readonly kind: 'forgotten' }
  /** Another run published, or a refresh was requested meanwhile: this fetch was discarded. */
  | { readonly kind: 'superseded' };

export interface RefreshOptions {
  /** Ends the fetch. The served snapshot stays. */
  readonly signal: AbortSignal;
  /** Whether a reader forced the refresh: renewed links are then stored, too. */
  readonly forced: boolean;
  /**
   * ms after a publish at which the group is due to be announced, unless this run announces it before. 0 for a run that
   * announces nothing: the group is then queued at once.
   */
  readonly announceAfterMs: number;
}

/**
 * Refreshes a group: fetches it whole, compares it, publishes it if it changed, and schedules the next
 * refresh. The due time moves last, and only if it is still the one that this refresh started from. So a run
 * that dies leaves the group due.
 * @param found the group as read just now, with its due time.
 */
export async function refresh(
  deps: RefreshDeps,
  resultId: string,
  found: StoredGroup & { readonly schedule: DueSchedule<Tracked> },
  { signal, forced, announceAfterMs }: RefreshOptions,
): Promise<RefreshResult> {
  const { store, anycheck, now, random, groupRetentionMs } = deps;
  const { schedule } = found;
  const stored = await recover(store, resultId, found, now());
  if (!stored) return { kind: 'superseded' };
  const { due } = schedule;
  const { revision } = stored;
  let begun = now();
  let pageSize = schedule.pageSize;
  const finish = async (
    next: number | undefined,
    result: Ending['result'],
    outcome: RefreshAttempt['outcome'],
    intent = schedule.publishIntent,
  ) => {
    const at = now();
    const finished = await store.finish(resultId, {
      schedule,
      from: due,
      next: soonest(next, schedule.cleanUntil),
      intent,
      attempt: at,
      begun,
      result,
      announceAt: announceAt(result === 'news', at),
      pageSize,
      outcome,
    });
    if (finished) await enqueueNext(deps, resultId, finished);
    else await renewDue(deps, resultId, due);
    return finished !== undefined;
  };

  /** @param isNews whether this run has published a version. */
  const announceAt = (isNews: boolean, at: number) => {
    if (isNews) return at + announceAfterMs;
    return isBehind(found) ? at + announceBackoff(at - waitingSince(found), random()) : undefined;
  };

  const fetched = await fetchConsistent(anycheck, resultId, stored.snapshot?.content, {
    signal,
    now,
    pageSize,
    rewrite: schedule.redactedAt === undefined ? undefined : redactedVerification,
  });
  pageSize = storedPageSize(fetched.pageSize);
  if ('error' in fetched) {
    const { error } = fetched;
    const isUntracked =
      !isBehind(found) &&
      !stored.snapshot &&
      (!schedule.isTrackedExplicitly || isForgotten(false, now() - schedule.firstSeen));
    if (error.reason === 'NOT_FOUND' && isUntracked && (await store.drop(resultId, { due, revision, begun }))) {
      return { kind: 'not_found' };
    }
    const failures = schedule.failures + 1;
    // AnyCheck may create the group later, so NOT_FOUND does not count as a fault of the group either.
    const isGlobalFault = error.fleetWide || error.reason === 'NOT_FOUND';
    const failingSince = isGlobalFault ? undefined : (schedule.failingSince ?? now());
    const next = now() + backoff(failures, random(), error);
    await finish(next, 'failure', { failures, error: error.reason, failingSince });
    return { kind: 'failed', error, failures, failingSince };
  }

  begun = fetched.at;
  const { group } = fetched;
  const hadItems = (stored.snapshot?.hadItems ?? false) || group.items.length > 0;
  const age = now() - schedule.firstSeen;
  // Before the first snapshot, or where a reader waits, an empty group is published like any other.
  if (stored.snapshot && !forced && isForgotten(hadItems, age) && !isBehind(found)) {
    // A group without items can still have versions: its overall status may have changed.
    await store.clean(resultId, { version: stored.version, revision, rewrite: undefined }, signal);
    return { kind: (await store.drop(resultId, { due, revision, begun })) ? 'forgotten' : 'superseded' };
  }

  const items = group.items.map((item) => item.status);
  const phase = phaseOf({ items, overall: group.overallStatus, hadItems }, age);
  const publication = { resultId, schedule, stored, fetched, phase, forced, now };
  const plan = await planOf(store, publication);
  if (!plan) return { kind: 'superseded' };
  const { kind, before } = plan;
  const snapshot = kind === 'nothing' ? stored.snapshot : await publish(store, plan.publication, kind, before);
  if (!snapshot) return { kind: 'superseded' };

  const { version, publishedAt } = snapshot;
  const delay = nextRefreshDelay(phase, Math.max(0, now() - publishedAt), random());
  const erased = phase === 'settled' && groupRetentionMs !== undefined ? publishedAt + groupRetentionMs : undefined;
  const next = soonest(delay === null ? undefined : now() + delay, erased);
  const summary = summaryOf(group);
  const intent = kind === 'nothing' ? schedule.publishIntent : snapshot.revision;
  const outcome = { confirmedAt: fetched.at, version, phase, publishedAt, summary };
  const finished = await finish(next, kind === 'version' ? 'news' : 'nothing new', outcome, intent);
  if (!finished && intent !== undefined) await store.clearPublishIntent(resultId, intent);
  const unknownStatuses = [...items, group.overallStatus].filter((one) => one !== null && !isKnownStatus(one)).length;
  return { kind: OUTCOME[kind], version, phase, unknownStatuses };
}

/**
 * Queues the group under another due time where it is still due at `from`: the message of that one may be used up, and
 * the queue drops a second one.
 */
export async function renewDue(deps: RefreshDeps, resultId: string, from: number): Promise<void> {
  const due = await deps.store.renewDue(resultId, from, deps.now());
  await enqueueNext(deps, resultId, { due, queuedBy: 'run' });
}

/** Queues a due time that the run itself must queue. It never throws, because the sweep makes up for it. */
async function enqueueNext(
  { queue, delayed, onQueueFault }: RefreshDeps,
  resultId: string,
  { due, queuedBy }: Pick<NextDue, 'due' | 'queuedBy'>,
): Promise<void> {
  if (due === undefined || queuedBy === 'sweep') return;
  try {
    await (queuedBy === 'run' ? queue : delayed).enqueue([{ resultId, due }]);
  } catch (error) {
    onQueueFault(resultId, error);
  }
}

/** The largest page size is the default, so it is not stored. */
const storedPageSize = (pageSize: PageSize) => (pageSize.items === MAX_PAGE_SIZE ? undefined : pageSize);

const OUTCOME = { version: 'published', revision: 'revised', nothing: 'unchanged' } as const;
