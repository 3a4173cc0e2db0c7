import { fenceErased } from '../erasure/erase.ts';
import type { Announcement } from '../events/announce.ts';
import type { EventBus } from '../events/event-bus.ts';
import { isBehind, waitingSince } from '../events/is-behind.ts';
import type { DueSchedule, Schedule, StoredGroup, Tracked } from '../group/schedule.ts';
import type { WorkerStore } from '../store/ports.ts';
import { announceBackoff, backoff, soonest } from './cadence.ts';
import { clean, redactCurrent } from './clean.ts';
import { MAX_RECHECK_MS } from './due-time.ts';
import { recover } from './publish.ts';
import type { Due } from './queue.ts';
import { type RefreshDeps, type RefreshResult, refresh, renewDue } from './refresh.ts';

/** ms between two refreshes of a group: hundreds of refresh requests may arrive while AnyCheck processes a batch. */
const MIN_INTERVAL_MS = 500;

/** ms after a publish for which the worker's own announcement may take. Then the group is due to be announced again. */
const ANNOUNCE_AFTER_MS = 15_000;

export interface RefreshDueDeps extends RefreshDeps {
  readonly store: WorkerStore;
  readonly bus: EventBus;
  readonly onAnnouncement: (resultId: string, announcement: Announcement) => void;
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
  /** The group was due to be announced, and its next refresh is due later. */
  | { readonly kind: 'announced' }
  /**
   * The group is not tracked, and this run cleaned what was left of it; or this run erased
   * it, because its retention ended.
   */
  | { readonly kind: 'erased' };

type DueGroup = StoredGroup & { readonly schedule: DueSchedule };
type DueTracked = StoredGroup & { readonly schedule: DueSchedule<Tracked> };

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
  const wait = needsRefresh(schedule, now()) ? (schedule.lastAttempt ?? 0) + MIN_INTERVAL_MS - now() : 0;
  if (wait > 0) await deps.sleep(Math.min(wait, MIN_INTERVAL_MS));
  if (deliveries === 1 && schedule.due === due) {
    return refreshQueued(deps, resultId, { ...found, schedule: { ...schedule, due } }, signal);
  }

  const failures = schedule.failures + 1;
  const next = now() + backoff(failures, random());
  const attempt = now();
  const failing = schedule.kind === 'tracked' ? { failingSince: schedule.failingSince ?? attempt } : {};
  const aside = {
    from: schedule.due,
    message: due,
    intent: schedule.publishIntent,
    next,
    attempt,
    failures,
    ...failing,
  };
  if (!(await store.quarantine(resultId, aside))) return { kind: 'dropped' };
  const quarantined = { ...schedule, due: next, refreshDue: undefined, failures, ...failing };
  return refreshGroup(deps, resultId, { ...found, schedule: quarantined }, signal);
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

/**
 * Does what a due group is due for: announces it, erases it at the end of its retention, cleans it, refreshes it, and
 * announces the version that the refresh published. A bus that fails stops none of the others.
 */
async function refreshGroup(
  deps: RefreshDueDeps,
  resultId: string,
  found: DueGroup,
  signal: AbortSignal,
): Promise<DueResult> {
  const { schedule } = found;
  if (schedule.kind === 'tombstone') return cleanErased(deps, resultId, schedule, signal);
  const group = { ...found, schedule };
  if (!needsRefresh(schedule, deps.now())) return announceAlone(deps, resultId, group, signal);
  const announced = await announceFirst(deps, resultId, group, signal);
  if (!announced) return { kind: 'superseded' };
  const result = await refreshTracked(deps, resultId, announced, signal);
  if (result.kind === 'published') await announceAfter(deps, resultId, signal);
  return result;
}

/** Cleans what is left of an erased group, and announces the erasure. It stays due until both are complete. */
async function cleanErased(
  deps: RefreshDueDeps,
  resultId: string,
  schedule: DueSchedule,
  signal: AbortSignal,
): Promise<DueResult> {
  const { store, now, random } = deps;
  const isClean = await clean(deps, resultId, schedule, signal);
  const group = await fenceErased(store, resultId);
  const isAnnounced = !isBehind(group) || (await announceErasure(deps, resultId, group, signal));
  const retry = isAnnounced ? undefined : now() + announceBackoff(now() - waitingSince(group), random());
  await store.reschedule(resultId, schedule.due, soonest(cleaningAfter(deps, schedule, isClean), retry));
  return { kind: 'erased' };
}

/** @returns whether the erasure is announced. */
async function announceErasure(
  deps: RefreshDueDeps,
  resultId: string,
  group: StoredGroup,
  signal: AbortSignal,
): Promise<boolean> {
  const { done, isComplete } = await announceNow(deps, resultId, group, signal);
  await deps.store.announced(resultId, done);
  return isComplete;
}

/** Returns when a group is cleaned again; undefined where it is clean. */
const cleaningAfter = ({ now, random }: RefreshDueDeps, { cleanUntil }: Schedule, isClean: boolean) =>
  isClean ? undefined : Math.max(cleanUntil ?? 0, now() + backoff(1, random()));

/** Erases a tracked group at the end of its retention, cleans it after an erasure or redaction, and refreshes it. */
async function refreshTracked(
  deps: RefreshDueDeps,
  resultId: string,
  found: DueTracked,
  signal: AbortSignal,
): Promise<DueResult> {
  const { store, now, groupRetentionMs, erase } = deps;
  const { schedule } = found;
  const { due, cleanUntil } = schedule;
  const isOver =
    groupRetentionMs !== undefined && schedule.phase === 'settled' && now() >= schedule.lastChange + groupRetentionMs;
  if (erase && isOver) {
    await erase(resultId);
    return { kind: 'erased' };
  }
  if (cleanUntil === undefined)
    return refresh(deps, resultId, found, { signal, forced: false, announceAfterMs: ANNOUNCE_AFTER_MS });

  const isClean = await clean(deps, resultId, schedule, signal);
  const again = cleaningAfter(deps, schedule, isClean);
  if (isClean) await store.cleaned(resultId, cleanUntil);
  const redacted = await redactCurrent(deps, resultId, found);
  if (!redacted) return { kind: 'superseded' };
  const group = { ...redacted, schedule: { ...redacted.schedule, due, cleanUntil: again } };
  return refresh(deps, resultId, group, { signal, forced: false, announceAfterMs: ANNOUNCE_AFTER_MS });
}

/** Whether a due group is due for more than its announcement. @param now ms since the epoch. */
const needsRefresh = (schedule: Schedule, now: number): boolean => {
  const { refreshDue, publishIntent, requestedAt, lastAttempt = 0 } = schedule;
  if (refreshDue === undefined || publishIntent !== undefined) return true;
  return (refreshDue !== null && refreshDue <= now) || (requestedAt !== undefined && requestedAt >= lastAttempt);
};

/** Announces a group whose next refresh is due later. It stays due until the announcement is complete. */
async function announceAlone(
  deps: RefreshDueDeps,
  resultId: string,
  group: DueTracked,
  signal: AbortSignal,
): Promise<DueResult> {
  const { store, delayed, now, random, onQueueFault } = deps;
  const { due, refreshDue = null, requestedAt } = group.schedule;
  const { done, isComplete } = await announceNow(deps, resultId, group, signal);
  const again = isComplete ? undefined : now() + announceBackoff(now() - waitingSince(group), random());
  const isRefreshNext = refreshDue !== null && (again === undefined || refreshDue <= again);
  if (!(await store.announced(resultId, done, { from: due, again, refreshDue }))) {
    await renewDue(deps, resultId, due);
  } else if (isRefreshNext && requestedAt !== undefined && refreshDue - now() <= MAX_RECHECK_MS) {
    // The next refresh is a recheck, which the sweep would queue too late.
    await delayed.enqueue([{ resultId, due: refreshDue }]).catch((error: unknown) => onQueueFault(resultId, error));
  }
  return { kind: 'announced' };
}

/**
 * Announces what earlier runs did not.
 * @returns the group after that; undefined where another run was first.
 */
async function announceFirst(
  deps: RefreshDueDeps,
  resultId: string,
  found: DueTracked,
  signal: AbortSignal,
): Promise<DueTracked | undefined> {
  if (!isBehind(found)) return found;
  const stored = await recover(deps.store, resultId, found, deps.now());
  if (!stored) return undefined;
  const { done } = await announceNow(deps, resultId, found, signal);
  await deps.store.announced(resultId, done);
  const { schedule } = found;
  return {
    ...stored,
    schedule: {
      ...schedule,
      announcedUntil: done.versions?.until ?? schedule.announcedUntil,
      isErasureUnannounced: schedule.isErasureUnannounced && done.erasedAt === undefined,
      unannouncedRedaction: done.redaction === undefined ? schedule.unannouncedRedaction : undefined,
    },
  };
}

/** Announces the version that this run published. Where it fails, the group is due for it: see announceAfterMs. */
async function announceAfter(deps: RefreshDueDeps, resultId: string, signal: AbortSignal): Promise<void> {
  const group = await deps.store.read(resultId);
  const { schedule } = group;
  if (schedule?.kind !== 'tracked' || schedule.publishIntent !== undefined || !isBehind(group)) return;
  const { done, isComplete } = await announceNow(deps, resultId, group, signal);
  const { due, refreshDue } = schedule;
  const next = { again: undefined, refreshDue: refreshDue ?? null };
  const isDueAlone = isComplete && due !== undefined && refreshDue !== undefined;
  await deps.store.announced(resultId, done, isDueAlone ? { from: due, ...next } : undefined);
}

/** Announces a group, and reports how it ended. */
async function announceNow(
  deps: RefreshDueDeps,
  resultId: string,
  group: StoredGroup,
  signal: AbortSignal,
): Promise<Announcement> {
  // Loaded on demand: most refreshes find no change.
  const { announce } = await import('../events/announce.ts');
  const announcement = await announce(deps, resultId, group, signal);
  deps.onAnnouncement(resultId, announcement);
  return announcement;
}
