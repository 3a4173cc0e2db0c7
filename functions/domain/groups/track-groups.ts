import { fenceErased } from '../erasure/erase.ts';
import { mapLimit } from '../map-limit.ts';
import type { Quota } from '../read/quota.ts';
import { tooManyNew } from '../read/quota-refusals.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import type { Erasures, Schedules, Snapshots } from '../store/ports.ts';

export interface TrackDeps {
  readonly store: Snapshots & Schedules & Erasures;
  readonly queue: RefreshQueue;
  /** The caller's, of a day. */
  readonly newGroups: Quota;
  readonly now: () => number;
}

/** Groups marked at once. */
const PARALLEL = 10;

/**
 * Follows groups from now on, the first look at each queued. Those that were not followed before count against the caller's
 * quota as they are accepted, whatever AnyCheck shows of them later. Calls at the same time may exceed it by their new groups.
 * @returns those that were not followed before, and those that were.
 * @throws Refusal QUOTA_SPENT where more that are new are named than the caller has left: none is followed then.
 */
export async function trackGroups(
  { store, queue, newGroups, now }: TrackDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const wanted = [...new Set(resultIds)];
  const left = await newGroups.remaining();
  if (left < wanted.length && (await newAmong(store, wanted)) > left) throw tooManyNew(now());
  const at = now();
  const accepted = new Set<string>();
  const adding = mapLimit(wanted, PARALLEL, async (resultId) => {
    if (await trackOne(store, resultId, at)) accepted.add(resultId);
  });
  const [ended] = await Promise.allSettled([adding]);
  // In the order of the request, whichever ended first; also where the store failed halfway: these rows are there.
  const added = wanted.filter((resultId) => accepted.has(resultId));
  await newGroups.count(added.length);
  const [queued] = await Promise.allSettled([queue.enqueue(added.map((resultId) => ({ resultId, due: at })))]);
  for (const part of [ended, queued]) if (part.status === 'rejected') throw part.reason;
  return { accepted: added, known: wanted.filter((resultId) => !accepted.has(resultId)) };
}

/** How many of the groups are not tracked yet. */
async function newAmong(store: Snapshots, wanted: readonly string[]): Promise<number> {
  const found = await mapLimit(wanted, PARALLEL, (resultId) => store.read(resultId));
  return found.filter(({ schedule }) => schedule?.kind !== 'tracked').length;
}

async function trackOne(store: Snapshots & Schedules & Erasures, resultId: string, at: number): Promise<boolean> {
  for (;;) {
    const outcome = await store.track(resultId, at);
    if (outcome !== 'erased') return outcome === 'accepted';
    await fenceErased(store, resultId);
  }
}
