import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { Snapshot } from '../group/snapshot.ts';
import type { RefreshResult } from '../refresh/refresh.ts';
import { Refusal } from '../refusal.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import { isErased, trackedIn } from '../store/retained-version.ts';
import type { UpstreamError } from '../upstream/errors.ts';
import { tooManyNew, tooManyUnknown } from './quota-refusals.ts';
import type { SpentQuota } from './reader-quotas.ts';

/** ms between two forced fetches of a group. A reader who forces one sooner receives the stored snapshot. */
const FORCED_INTERVAL_MS = 15_000;
/** Seconds until a caller should retry after a failed fetch, where AnyCheck announces no time. */
const RETRY_AFTER_SECONDS = 15;

/** A stored group that has a snapshot. */
export type Served = StoredGroup & { readonly snapshot: Snapshot };

/** The state of a read that needs a refresh before its answer. Times in ms since the epoch. */
export interface Situation {
  readonly now: number;
  /** The group as read just now. */
  readonly group: StoredGroup;
  /** When the request arrived. */
  readonly arrivedAt: number;
  /** A snapshot that AnyCheck confirmed since then may be served. */
  readonly oldest: number;
  /** Whether the deadline of the request has passed. */
  readonly isOutOfTime: boolean;
  /** Whether the group had a snapshot when the request arrived. */
  readonly hadSnapshot: boolean;
  /** Whether the group was stored, or being fetched, at some time since the request arrived. */
  readonly wasKnown: boolean;
  /** The caller's quota that was found spent just before the group was read; undefined where none was. */
  readonly spent: SpentQuota | undefined;
  /** The outcome of this request's last own fetch. */
  readonly own: RefreshResult | undefined;
}

export type ReadStep =
  | { readonly kind: 'serve'; readonly group: Served }
  /** Wait for the fetch of another run. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'fetch' }
  | { readonly kind: 'fail'; readonly error: Refusal };

/**
 * Decides the next step of a read. One fetch serves all concurrent readers of a group; the others wait for its outcome.
 */
export function nextStep(situation: Situation): ReadStep {
  const { now, group, arrivedAt, oldest, own } = situation;
  const { snapshot, schedule } = group;
  if (own?.kind === 'not_found') return fail(unknownGroup());
  if (isErased(group)) return fail(erasedGroup());
  if (own?.kind === 'failed') return lastResort(group, own.error);
  // The run that held the lease found that AnyCheck has no such group. (A group with a snapshot was only dropped.)
  if (situation.wasKnown && !schedule && !situation.hadSnapshot) return fail(unknownGroup());
  if (isServed(group) && isConfirmed(group, oldest)) return { kind: 'serve', group };
  if (situation.isOutOfTime || failedSince(schedule, arrivedAt)) return lastResort(group);
  // The worker redacts the stored content before the next fetch. Until then, the read redacts the stored snapshot.
  if (isServed(group) && schedule?.redactedAt !== undefined && !snapshot?.isRedacted) return { kind: 'serve', group };
  if (isLeased(schedule, now)) return { kind: 'wait' };
  const forcedAgain = (trackedIn(group)?.forcedAt ?? Number.NEGATIVE_INFINITY) + FORCED_INTERVAL_MS;
  if (forcedAgain > now) {
    if (isServed(group)) return { kind: 'serve', group };
    if (schedule?.lastError === 'NOT_FOUND') return fail(notYetKnown(forcedAgain - now));
  }
  if (!situation.spent || snapshot) return { kind: 'fetch' };
  return fail(situation.spent === 'new_groups' ? tooManyNew(now) : tooManyUnknown());
}

const fail = (error: Refusal): ReadStep => ({ kind: 'fail', error });

export const isServed = (group: StoredGroup): group is Served => group.snapshot !== undefined;

/** Whether AnyCheck has confirmed a group's snapshot since a time. @param since ms since the epoch. */
export const isConfirmed = ({ snapshot, schedule }: Served, since: number): boolean =>
  confirmedAt(snapshot, schedule) >= since;

/** Whether a reader's fetch is under way. @param now ms since the epoch. */
export const isLeased = (schedule: Schedule | undefined, now: number): boolean => (schedule?.leaseUntil ?? 0) > now;

const failedSince = (schedule: Schedule | undefined, since: number) =>
  schedule !== undefined && schedule.failures > 0 && (schedule.lastAttempt ?? 0) >= since;

export const erasedGroup = () => new Refusal('ERASED_GROUP', 'This group is not tracked. POST /groups tracks it.');
const unknownGroup = () => new Refusal('UNKNOWN_GROUP', 'AnyCheck has no verifications with this result_id.');
const notYetKnown = (waitMs: number) =>
  new Refusal('UNKNOWN_GROUP', 'AnyCheck had no verifications with this result_id when the service last called it.', {
    retryAfter: Math.ceil(waitMs / 1000),
  });

const NOT_FETCHED = 'No snapshot of this group is stored yet, and AnyCheck gave no usable answer. Try again later.';
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['NO_CREDENTIALS', 'The secret with the AnyCheck credentials has not been filled yet.'],
  ['REFUSED', 'No snapshot of this group is stored yet, and AnyCheck refuses the credentials of this service.'],
  [
    'QUOTA_EXCEEDED',
    'No snapshot of this group is stored yet, and the usage limit of the AnyCheck plan of this service is used up.',
  ],
  ['RATE_LIMITED', 'No snapshot of this group is stored yet, and calls to AnyCheck are rate limited. Try again later.'],
]);

/**
 * Without an answer of AnyCheck, the snapshot is served with its true age. Without a snapshot, the read
 * fails with a retry time.
 */
function lastResort(group: StoredGroup, cause?: UpstreamError): ReadStep {
  if (isServed(group)) return { kind: 'serve', group };
  const reason = cause?.reason ?? group.schedule?.lastError ?? '';
  if (reason === 'NOT_FOUND') return fail(unknownGroup());
  const message = MESSAGES.get(reason) ?? NOT_FETCHED;
  const retryAfter = Math.max(1, Math.ceil(cause?.retryAfter ?? RETRY_AFTER_SECONDS));
  return fail(new Refusal('UPSTREAM_UNAVAILABLE', message, { retryAfter, cause }));
}
