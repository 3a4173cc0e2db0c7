import { backoff } from './cadence.ts';
import type { Due, Schedule } from './ports.ts';
import { type RefreshDeps, type RefreshResult, refresh } from './refresh.ts';

/** ms between the end of one look and the beginning of the next: hints may come by the hundred while a batch is processed. */
const APART = 500;

export interface RefreshDueDeps extends RefreshDeps {
  readonly sleep: (ms: number) => Promise<void>;
}

export interface Delivery extends Due {
  /** How often the queue has handed over this message, this time included. */
  readonly deliveries: number;
}

/**
 * Refreshes a group from a queued message. One whose due time is no longer the group's is dropped: the group was refreshed
 * since, or somebody is fetching it, or it is queued under another time. One that is delivered again killed the worker that
 * had it: its group is first given another due time, later with every such death, so that it stays scheduled when the message
 * ends among the dead letters; when an operator sends it back from there, it is taken as well.
 */
export async function refreshDue(
  deps: RefreshDueDeps,
  { resultId, due, deliveries }: Delivery,
  signal: AbortSignal,
): Promise<RefreshResult | { readonly kind: 'dropped' }> {
  const { store, now, random } = deps;
  const found = await store.read(resultId);
  const { schedule } = found;
  if (!schedule || schedule.due === undefined || !isMeant(schedule, due, now())) return { kind: 'dropped' };
  const wait = (schedule.lastAttempt ?? 0) + APART - now();
  if (wait > 0) await deps.sleep(Math.min(wait, APART));
  const look = (from: Schedule & { due: number }) =>
    refresh(deps, resultId, { ...found, schedule: from }, { signal, forced: false });
  if (deliveries === 1 && schedule.due === due) return look({ ...schedule, due });

  const failures = schedule.failures + 1;
  const next = now() + backoff(failures, random());
  const aside = { from: schedule.due, message: due, next, attempt: now(), failures };
  return (await store.suspect(resultId, aside)) ? look({ ...schedule, due: next, failures }) : { kind: 'dropped' };
}

const isMeant = ({ due, suspect, leaseUntil = 0 }: Schedule, message: number, now: number) =>
  due === message || (suspect === message && leaseUntil <= now);
