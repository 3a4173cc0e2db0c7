import { backoff } from './cadence.ts';
import type { Due, Schedule } from './ports.ts';
import { type RefreshDeps, type RefreshResult, refresh } from './refresh.ts';

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
  deps: RefreshDeps,
  { resultId, due, deliveries }: Delivery,
  signal: AbortSignal,
): Promise<RefreshResult | { readonly kind: 'dropped' }> {
  const { store, now, random } = deps;
  const found = await store.read(resultId);
  const { schedule } = found;
  if (!schedule || schedule.due === undefined || !isMeant(schedule, due, now())) return { kind: 'dropped' };
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
