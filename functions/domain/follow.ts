import { seal } from './erase.ts';
import { tooManyUnknown } from './errors.ts';
import type { Allowance, Erasures, RefreshQueue, Schedules, Snapshots } from './ports.ts';

export interface FollowDeps {
  readonly store: Snapshots & Schedules & Erasures;
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
 * @throws ApiError 429 where more that are new are named than the caller has left: none is followed then.
 */
export async function follow(
  { store, queue, allowance, now }: FollowDeps,
  resultIds: readonly string[],
): Promise<{ accepted: string[]; known: string[] }> {
  const accepted: string[] = [];
  const known: string[] = [];
  const wanted = [...new Set(resultIds)];
  const { charge, taken } = await takeForNew(store, allowance, wanted);
  let begun = 0;
  try {
    for (let i = 0; i < wanted.length; i += PARALLEL) {
      const some = wanted.slice(i, i + PARALLEL);
      begun += some.length;
      const at = now();
      const isNew = await Promise.all(some.map((resultId) => followOne(store, resultId, at, charge)));
      for (const [k, resultId] of some.entries()) (isNew[k] ? accepted : known).push(resultId);
      await queue.enqueue(some.filter((_, k) => isNew[k]).map((resultId) => ({ resultId, due: at })));
    }
  } finally {
    // Of a batch that failed, any may be followed by now.
    await allowance.giveBack(charge, Math.max(0, taken - (begun - known.length)));
  }
  return { accepted, known };
}

/** Which are new shows as they are followed; who has not enough left for all of them may have for those. */
async function takeForNew(store: Snapshots & Schedules & Erasures, allowance: Allowance, wanted: readonly string[]) {
  const charge = await allowance.take(wanted.length);
  if (charge !== undefined) return { charge, taken: wanted.length };
  let taken = 0;
  for (let i = 0; i < wanted.length; i += PARALLEL) {
    const found = await Promise.all(wanted.slice(i, i + PARALLEL).map((resultId) => store.read(resultId)));
    taken += found.filter(({ schedule }) => schedule?.kind !== 'tracked').length;
  }
  const chargeOfNew = await allowance.take(taken);
  if (chargeOfNew === undefined) throw tooManyUnknown();
  return { charge: chargeOfNew, taken };
}

async function followOne(
  store: Snapshots & Schedules & Erasures,
  resultId: string,
  at: number,
  charge: string,
): Promise<boolean> {
  for (;;) {
    const outcome = await store.follow(resultId, at, charge);
    if (outcome !== 'erased') return outcome === 'accepted';
    await seal(store, resultId);
  }
}
