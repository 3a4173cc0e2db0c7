import { fenceErased } from '../erasure/erase.ts';
import { mapLimit } from '../map-limit.ts';
import type { Quota } from '../read/quota.ts';
import { tooManyNew } from '../read/quota-refusals.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import type { Erasures, Schedules, Snapshots } from '../store/ports.ts';

export interface TrackDeps {
  readonly store: Snapshots & Schedules & Erasures;
  readonly queue: RefreshQueue;
  /** The caller's daily quota. */
  readonly newGroups: Quota;
  readonly now: () => number;
}

/** Groups that are written or read at once. */
const PARALLEL = 10;

/**
 * Tracks groups and queues the first refresh of each. Groups that were not tracked before count against the caller's
 * daily quota, whatever AnyCheck returns for them later. Concurrent calls may exceed the quota by their new groups.
 * @returns `accepted`: the groups that were not tracked before; `known`: the others. Both in the order of the request.
 * @throws Refusal QUOTA_SPENT where the request names more new groups than the quota allows; then no group is tracked.
 */
export async function trackGroups(
  { store, queue, newGroups, now }: TrackDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const unique = [...new Set(resultIds)];
  const left = await newGroups.remaining();
  if (left < unique.length && (await countUntracked(store, unique)) > left) throw tooManyNew(now());
  const at = now();
  const accepted = new Set<string>();
  const adding = mapLimit(unique, PARALLEL, async (resultId) => {
    if (await trackOne(store, resultId, at)) accepted.add(resultId);
  });
  const [ended] = await Promise.allSettled([adding]);
  // The order of the request, not of completion. Where the store failed halfway, the rows written so
  // far count and are queued.
  const added = unique.filter((resultId) => accepted.has(resultId));
  await newGroups.count(added.length);
  const [queued] = await Promise.allSettled([queue.enqueue(added.map((resultId) => ({ resultId, due: at })))]);
  for (const part of [ended, queued]) if (part.status === 'rejected') throw part.reason;
  return { accepted: added, known: unique.filter((resultId) => !accepted.has(resultId)) };
}

/** Counts the groups that are not tracked yet. */
async function countUntracked(store: Snapshots, resultIds: readonly string[]): Promise<number> {
  const groups = await mapLimit(resultIds, PARALLEL, (resultId) => store.read(resultId));
  return groups.filter(({ schedule }) => schedule?.kind !== 'tracked').length;
}

async function trackOne(store: Snapshots & Schedules & Erasures, resultId: string, at: number): Promise<boolean> {
  for (;;) {
    const outcome = await store.track(resultId, at);
    if (outcome !== 'erased') return outcome === 'accepted';
    await fenceErased(store, resultId);
  }
}
