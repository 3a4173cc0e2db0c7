import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { Snapshot } from '../group/snapshot.ts';
import type { RefreshResult } from '../refresh/refresh.ts';
import { Refusal } from '../refusal.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import { isErased, trackedIn } from '../store/retained-version.ts';
import type { UpstreamError } from '../upstream/errors.ts';
import { tooManyNew, tooManyUnknown } from './quota-refusals.ts';
import type { SpentQuota } from './reader-quotas.ts';

/** ms between two fetches of a group that readers force; a reader who forces one in between gets the snapshot. */
const FORCED_INTERVAL_MS = 15_000;
/** Seconds until a caller whose group couldn't be fetched should try again, where AnyCheck names no time. */
const RETRY_AFTER_SECONDS = 15;

/** A stored group that has a snapshot. */
export type Served = StoredGroup & { readonly snapshot: Snapshot };

/** What a reader knows who needs AnyCheck to be asked before the answer. Times in ms since the epoch. */
export interface Situation {
  readonly now: number;
  /** The group as read just now. */
  readonly group: StoredGroup;
  /** When the reader came. */
  readonly arrivedAt: number;
  /** A snapshot confirmed since then is good enough. */
  readonly oldest: number;
  /** Whether the reader has waited as long as it may. */
  readonly isOutOfTime: boolean;
  /** Whether the group had a snapshot when the reader came. */
  readonly hadSnapshot: boolean;
  /** Whether the group was known to the store, or being fetched, at some time since the reader came. */
  readonly wasKnown: boolean;
  /** The caller's quota that was found spent, just before the group was read. */
  readonly spent: SpentQuota | undefined;
  /** The outcome of the reader's own fetch, the last one. */
  readonly own: RefreshResult | undefined;
}

export type Step =
  | { readonly kind: 'serve'; readonly group: Served }
  /** For another run's fetch. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'fetch' }
  | { readonly kind: 'fail'; readonly error: Refusal };

/** What a reader does next: one fetch serves all who came for it, and the others wait for its outcome. */
export function nextStep(situation: Situation): Step {
  const { now, group, arrivedAt, oldest, own } = situation;
  const { snapshot, schedule } = group;
  if (own?.kind === 'not_found') return fail(unknownGroup());
  if (isErased(group)) return fail(erasedGroup());
  if (own?.kind === 'failed') return lastResort(group, own.error);
  // The run that had it found that AnyCheck doesn't know the group. (One that was served before was only dropped.)
  if (situation.wasKnown && !schedule && !situation.hadSnapshot) return fail(unknownGroup());
  if (isServed(group) && isConfirmed(group, oldest)) return { kind: 'serve', group };
  if (situation.isOutOfTime || failedSince(schedule, arrivedAt)) return lastResort(group);
  // The worker redacts what is stored before AnyCheck is asked again: what is served is redacted as it is read.
  if (isServed(group) && schedule?.redactedAt !== undefined && !snapshot?.isRedacted) return { kind: 'serve', group };
  if (isLeased(schedule, now)) return { kind: 'wait' };
  const isAnswered = snapshot !== undefined || schedule?.lastError === 'NOT_FOUND';
  if (isAnswered && wasForced(group, now)) return lastResort(group);
  if (!situation.spent || snapshot) return { kind: 'fetch' };
  return fail(situation.spent === 'new_groups' ? tooManyNew(now) : tooManyUnknown());
}

const fail = (error: Refusal): Step => ({ kind: 'fail', error });

export const isServed = (group: StoredGroup): group is Served => group.snapshot !== undefined;

/** Whether AnyCheck has confirmed a group's snapshot since a time, ms since the epoch. */
export const isConfirmed = ({ snapshot, schedule }: Served, since: number): boolean =>
  confirmedAt(snapshot, schedule) >= since;

/** Whether a reader's fetch is under way. */
export const isLeased = (schedule: Schedule | undefined, now: number): boolean => (schedule?.leaseUntil ?? 0) > now;

const failedSince = (schedule: Schedule | undefined, since: number) =>
  schedule !== undefined && schedule.failures > 0 && (schedule.lastAttempt ?? 0) >= since;

const wasForced = (group: StoredGroup, now: number) =>
  now - (trackedIn(group)?.forcedAt ?? Number.NEGATIVE_INFINITY) < FORCED_INTERVAL_MS;

export const erasedGroup = () =>
  new Refusal('ERASED_GROUP', 'Nobody follows this group any more; POST /groups follows it anew.');
const unknownGroup = () => new Refusal('UNKNOWN_GROUP', 'AnyCheck has no verifications with this result_id.');

const UNKNOWN_YET = 'This group is not known yet, and AnyCheck could not be asked about it. Try again later.';
const MESSAGES: ReadonlyMap<string, string> = new Map([
  ['NO_CREDENTIALS', 'The AnyCheck credentials have not been put into their secret yet.'],
  ['REFUSED', 'This group is not known yet, and AnyCheck refuses the credentials of this service.'],
  ['RATE_LIMITED', 'This group is not known yet, and AnyCheck may not be asked more at the moment. Try again later.'],
]);

/** AnyCheck couldn't be asked: the snapshot is served with its true age; without one the caller is told when to come back. */
function lastResort(group: StoredGroup, cause?: UpstreamError): Step {
  if (isServed(group)) return { kind: 'serve', group };
  const reason = cause?.reason ?? group.schedule?.lastError ?? '';
  if (reason === 'NOT_FOUND') return fail(unknownGroup());
  const message = MESSAGES.get(reason) ?? UNKNOWN_YET;
  const retryAfter = Math.max(1, Math.ceil(cause?.retryAfter ?? RETRY_AFTER_SECONDS));
  return fail(new Refusal('UPSTREAM_UNAVAILABLE', message, { retryAfter, cause }));
}
