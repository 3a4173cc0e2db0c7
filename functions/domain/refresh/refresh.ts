import { isForgotten, isKnownStatus, type Phase, phaseOf } from '../group/phase.ts';
import { redactedVerification } from '../group/redact.ts';
import type { DueSchedule, StoredGroup, Tracked } from '../group/schedule.ts';
import { summaryOf } from '../group/summary.ts';
import type { RefreshAttempt, Store } from '../store/ports.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import type { UpstreamError } from '../upstream/errors.ts';
import { backoff, nextRefreshDelay, soonest } from './cadence.ts';
import { fetchConsistent } from './fetch-consistent.ts';
import { LARGEST_PAGE } from './page-size.ts';
import { kindOf, publish, recover } from './publish.ts';

export interface RefreshDeps {
  readonly store: Store;
  readonly anycheck: AnyCheck;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly random: () => number;
  /** ms after its last change at which a settled group is erased; undefined: never. */
  readonly eraseAfter?: number | undefined;
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
  /** AnyCheck doesn't know it, and nothing of it was ever served: its rows are gone. */
  | { readonly kind: 'not_found' }
  /** It never had an item, for a day: its rows are gone. */
  | { readonly kind: 'forgotten' }
  /** Somebody else published, or wants it looked at again: this fetch was thrown away. */
  | { readonly kind: 'superseded' };

export interface RefreshOptions {
  /** Ends the fetch; what is served stays. */
  readonly signal: AbortSignal;
  /** A reader insisted: renewed links are stored too. */
  readonly forced: boolean;
}

/**
 * Fetches the whole group, compares, publishes if it changed, decides when to look again. The due time moves last, and only
 * if it is still the one that this look started from: a run that dies leaves the group due.
 * @param found the group as read just now, due.
 */
export async function refresh(
  { store, anycheck, now, random, eraseAfter }: RefreshDeps,
  resultId: string,
  found: StoredGroup & { readonly schedule: DueSchedule<Tracked> },
  { signal, forced }: RefreshOptions,
): Promise<RefreshResult> {
  const { schedule } = found;
  const stored = await recover(store, resultId, found, now());
  if (!stored) return { kind: 'superseded' };
  let begun = now();
  let pageSize = schedule.pageSize;
  const finish = (next: number | undefined, outcome: RefreshAttempt['outcome'], intent = schedule.publishIntent) =>
    store.finish(resultId, {
      from: schedule.due,
      next: soonest(next, schedule.cleanUntil),
      intent: intent,
      attempt: now(),
      begun,
      pageSize,
      outcome,
    });

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
      !stored.snapshot && (!schedule.isTrackedExplicitly || isForgotten(false, now() - schedule.firstSeen));
    if (error.reason === 'NOT_FOUND' && isUntracked) {
      await store.drop(resultId, schedule.due, stored.revision);
      return { kind: 'not_found' };
    }
    const failures = schedule.failures + 1;
    // What AnyCheck doesn't know may be known one day: that is no fault of the group's either.
    const isGlobalFault = error.fleetWide || error.reason === 'NOT_FOUND';
    const failingSince = isGlobalFault ? undefined : (schedule.failingSince ?? now());
    await finish(now() + backoff(failures, random(), error), { failures, error: error.reason, failingSince });
    return { kind: 'failed', error, failures, failingSince };
  }

  begun = fetched.at;
  const { group } = fetched;
  const hadItems = (stored.snapshot?.hadItems ?? false) || group.items.length > 0;
  const age = now() - schedule.firstSeen;
  // Where nothing was served yet, or a reader waits, an empty group is an answer like any other.
  if (stored.snapshot && !forced && isForgotten(hadItems, age)) {
    // There are versions all the same: they told of its overall status.
    const { version, revision } = stored;
    await store.clean(resultId, { version, revision, rewrite: undefined }, signal);
    return { kind: (await store.drop(resultId, schedule.due, stored.revision)) ? 'forgotten' : 'superseded' };
  }

  const items = group.items.map((item) => item.status);
  const phase = phaseOf({ items, overall: group.overallStatus, hadItems }, age);
  const publication = { resultId, schedule, stored, fetched, phase, forced, now };
  const kind = kindOf(publication);
  const snapshot = kind === 'nothing' ? stored.snapshot : await publish(store, publication, kind);
  if (!snapshot) return { kind: 'superseded' };

  const { version, publishedAt, revision } = snapshot;
  const delay = nextRefreshDelay(phase, Math.max(0, now() - publishedAt), random());
  const erased = phase === 'settled' && eraseAfter !== undefined ? publishedAt + eraseAfter : undefined;
  const next = soonest(delay === null ? undefined : now() + delay, erased);
  const standing = summaryOf(group);
  const note = kind === 'nothing' ? schedule.publishIntent : revision;
  const finished = await finish(
    next,
    { confirmedAt: fetched.at, version, phase, publishedAt, summary: standing },
    note,
  );
  if (!finished && note !== undefined) await store.clearPublishIntent(resultId, note);
  const unknownStatuses = [...items, group.overallStatus].filter((one) => one !== null && !isKnownStatus(one)).length;
  return { kind: OUTCOME[kind], version, phase, unknownStatuses };
}

/** The largest page goes without saying. */
const storedPageSize = (pageSize: number) => (pageSize === LARGEST_PAGE ? undefined : pageSize);

const OUTCOME = { version: 'published', revision: 'revised', nothing: 'unchanged' } as const;
