import { seal } from '../erasure/erase.ts';
import type { Quota } from '../read/quota.ts';
import { tooManyNew } from '../read/quota-refusals.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import type { Erasures, Schedules, Snapshots } from '../store/ports.ts';

export interface FollowDeps {
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
export async function follow(
  { store, queue, newGroups, now }: FollowDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const accepted: string[] = [];
  const known: string[] = [];
  const wanted = [...new Set(resultIds)];
  const left = await newGroups.remaining();
  if (left < wanted.length && (await newAmong(store, wanted)) > left) throw tooManyNew();
  for (let i = 0; i < wanted.length; i += PARALLEL) {
    const some = wanted.slice(i, i + PARALLEL);
    const at = now();
    const isNew = await Promise.all(some.map((resultId) => followOne(store, resultId, at)));
    for (const [k, resultId] of some.entries()) (isNew[k] ? accepted : known).push(resultId);
    const added = some.filter((_, k) => isNew[k]);
    // Before the queue, which may fail: the rows are there.
    await newGroups.count(added.length);
    await queue.enqueue(added.map((resultId) => ({ resultId, due: at })));
  }
  return { accepted, known };
}

async function newAmong(store: Snapshots, wanted: readonly string[]): Promise<number> {
  let count = 0;
  for (let i = 0; i < wanted.length; i += PARALLEL) {
    const found = await Promise.all(wanted.slice(i, i + PARALLEL).map((resultId) => store.read(resultId)));
    count += found.filter(({ schedule }) => schedule?.kind !== 'tracked').length;
  }
  return count;
}

async function followOne(store: Snapshots & Schedules & Erasures, resultId: string, at: number): Promise<boolean> {
  for (;;) {
    const outcome = await store.follow(resultId, at);
    if (outcome !== 'erased') return outcome === 'accepted';
    await seal(store, resultId);
  }
}
