import type { DueSchedule, Schedule, StoredGroup } from '../group/schedule.ts';
import { backoff } from './cadence.ts';
import { clean, redactCurrent } from './clean.ts';
import type { Due } from './queue.ts';
import { type RefreshDeps, type RefreshResult, refresh, renewDue } from './refresh.ts';

/** ms between two refreshes of a group: hundreds of refresh requests may arrive while AnyCheck processes a batch. */
const MIN_INTERVAL_MS = 500;

export interface RefreshDueDeps extends RefreshDeps {
  readonly sleep: (ms: number) => Promise<void>;
  /** Erases a group; set where settled groups are erased after a time. */
  readonly erase?: (resultId: string) => Promise<void>;
}

export interface DueMessage extends Due {
  /** How often the queue has delivered this message, this delivery included. */
  readonly deliveries: number;
}

export type DueResult =
  | RefreshResult
  | { readonly kind: 'dropped' }
  /**
   * The group is not tracked, and this run cleaned what was left of it; or this run erased
   * it, because its retention ended.
   */
  | { readonly kind: 'erased' };

type DueGroup = StoredGroup & { readonly schedule: DueSchedule };

/**
 * Refreshes a group from a queued message. A message whose due time is not the group's any more is dropped: the group
 * was refreshed since, a reader is fetching it, or it is queued under another due time.
 *
 * A message that is delivered again killed its worker. Its group is quarantined first: it gets a new due time, later
 * with every such death. So the group stays scheduled when the message ends in the dead-letter queue. A message that an
 * operator redrives from there is processed as well.
 * @param signal ends the fetch.
 */
export async function refreshDue(
  deps: RefreshDueDeps,
  { resultId, due, deliveries }: DueMessage,
  signal: AbortSignal,
): Promise<DueResult> {
  const { store, now, random } = deps;
  const found = await store.read(resultId);
  const { schedule } = found;
  if (!schedule || schedule.due === undefined || !isMeant(schedule, due, now())) return { kind: 'dropped' };
  const wait = (schedule.lastAttempt ?? 0) + MIN_INTERVAL_MS - now();
  if (wait > 0) await deps.sleep(Math.min(wait, MIN_INTERVAL_MS));
  if (deliveries === 1 && schedule.due === due) {
    return refreshQueued(deps, resultId, { ...found, schedule: { ...schedule, due } }, signal);
  }

  const failures = schedule.failures + 1;
  const next = now() + backoff(failures, random());
  const aside = { from: schedule.due, message: due, intent: schedule.publishIntent, next, attempt: now(), failures };
  return (await store.quarantine(resultId, aside))
    ? refreshGroup(deps, resultId, { ...found, schedule: { ...schedule, due: next, failures } }, signal)
    : { kind: 'dropped' };
}

/**
 * Refreshes a group from the message of its due time. The message is used up. So where another run was first and left
 * the due time as it is, the group is queued under another one.
 */
async function refreshQueued(
  deps: RefreshDueDeps,
  resultId: string,
  found: DueGroup,
  signal: AbortSignal,
): Promise<DueResult> {
  const result = await refreshGroup(deps, resultId, found, signal);
  if (result.kind === 'superseded') await renewDue(deps, resultId, found.schedule.due);
  return result;
}

const isMeant = ({ due, quarantinedDue, leaseUntil = 0 }: Schedule, message: number, now: number) =>
  due === message || (quarantinedDue === message && leaseUntil <= now);

/** Does what a due group is due for: erases it at the end of its retention, cleans it, refreshes it. */
async function refreshGroup(
  deps: RefreshDueDeps,
  resultId: string,
  found: DueGroup,
  signal: AbortSignal,
): Promise<DueResult> {
  const { store, now, random, groupRetentionMs, erase } = deps;
  const { schedule } = found;
  const { due, cleanUntil } = schedule;
  if (schedule.kind === 'tracked') {
    const isOver =
      groupRetentionMs !== undefined && schedule.phase === 'settled' && now() >= schedule.lastChange + groupRetentionMs;
    if (erase && isOver) {
      await erase(resultId);
      return { kind: 'erased' };
    }
    if (cleanUntil === undefined) return refresh(deps, resultId, { ...found, schedule }, { signal, forced: false });
  }

  const isClean = await clean(deps, resultId, schedule, signal);
  const again = isClean ? undefined : Math.max(cleanUntil ?? 0, now() + backoff(1, random()));
  if (schedule.kind === 'tombstone') {
    await store.reschedule(resultId, due, again);
    return { kind: 'erased' };
  }
  if (isClean && cleanUntil !== undefined) await store.cleaned(resultId, cleanUntil);
  const redacted = await redactCurrent(deps, resultId, { ...found, schedule });
  if (!redacted) return { kind: 'superseded' };
  const group = { ...redacted, schedule: { ...redacted.schedule, due, cleanUntil: again } };
  return refresh(deps, resultId, group, { signal, forced: false });
}
