import { seal } from './erase.ts';
import { tooManyUnknown } from './errors.ts';
import type { Allowance, RefreshQueue, Store } from './ports.ts';

export interface FollowDeps {
  readonly store: Store;
  readonly queue: RefreshQueue;
  readonly allowance: Allowance;
  readonly now: () => number;
}

/** Groups marked at once. */
const PARALLEL = 10;

/**
 * Follows groups from now on, the first look at each queued. Those that were not followed before count against the caller's
 * allowance until AnyCheck has shown verifications of them.
 * @returns those that were not followed before, and those that were.
 * @throws ApiError 429 where more are named than the caller has left: none is followed then.
 */
export async function follow(
  { store, queue, allowance, now }: FollowDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const accepted: string[] = [];
  const known: string[] = [];
  const wanted = [...new Set(resultIds)];
  const charge = await allowance.take(wanted.length);
  if (charge === undefined) throw tooManyUnknown();
  try {
    for (let i = 0; i < wanted.length; i += PARALLEL) {
      const some = wanted.slice(i, i + PARALLEL);
      const at = now();
      const isNew = await Promise.all(some.map((resultId) => followOne(store, resultId, at, charge)));
      for (const [k, resultId] of some.entries()) (isNew[k] ? accepted : known).push(resultId);
      await queue.enqueue(some.filter((_, k) => isNew[k]).map((resultId) => ({ resultId, due: at })));
    }
  } finally {
    await allowance.giveBack(charge, known.length);
  }
  return { accepted, known };
}

async function followOne(store: Store, resultId: string, at: number, charge: string): Promise<boolean> {
  for (;;) {
    const outcome = await store.follow(resultId, at, charge);
    if (outcome !== 'erased') return outcome === 'accepted';
    await seal(store, resultId);
  }
}
