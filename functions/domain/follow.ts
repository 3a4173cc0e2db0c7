import { seal } from './erase.ts';
import type { RefreshQueue, Store } from './ports.ts';

export interface FollowDeps {
  readonly store: Store;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

/** Groups marked at once. */
const PARALLEL = 10;

/** Follows groups from now on, the first look at each queued. @returns those that were not followed before, and those that were. */
export async function follow(
  { store, queue, now }: FollowDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const accepted: string[] = [];
  const known: string[] = [];
  const wanted = [...new Set(resultIds)];
  for (let i = 0; i < wanted.length; i += PARALLEL) {
    const some = wanted.slice(i, i + PARALLEL);
    const at = now();
    const isNew = await Promise.all(some.map((resultId) => followOne(store, resultId, at)));
    await queue.enqueue(some.filter((_, k) => isNew[k]).map((resultId) => ({ resultId, due: at })));
    for (const [k, resultId] of some.entries()) (isNew[k] ? accepted : known).push(resultId);
  }
  return { accepted, known };
}

async function followOne(store: Store, resultId: string, at: number): Promise<boolean> {
  for (;;) {
    const outcome = await store.follow(resultId, at);
    if (outcome !== 'erased') return outcome === 'accepted';
    await seal(store, resultId);
  }
}
