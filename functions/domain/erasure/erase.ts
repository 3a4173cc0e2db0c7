import type { Schedule, StoredGroup } from '../group/schedule.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import type { Cleaning, Erasures, Snapshots } from '../store/ports.ts';
import type { Ledger } from './ledger.ts';

/** ms after which nobody is left who had read something before it was erased or redacted: no Lambda runs longer. */
const LONGEST_RUN_MS = 15 * 60_000;

export interface EraseDeps {
  readonly store: Snapshots & Erasures;
  readonly queue: RefreshQueue;
  readonly ledger: Ledger;
  readonly now: () => number;
}

/**
 * Makes a group unreadable at once, whether or not it was known, until somebody follows it anew; its content is deleted by the
 * worker, at once and again when nobody is left who could bring some of it back.
 */
export async function erase({ store, queue, ledger, now }: EraseDeps, resultId: string): Promise<void> {
  await ledger.record('erase', resultId, now());
  const due = await marked(store, resultId, now, (found, at) => store.entomb(resultId, found, at));
  await fenceErased(store, resultId);
  await queue.enqueue([{ resultId, due }]);
}

/**
 * Cuts everything from a group that could be personal, in all that is kept of it and in all that is fetched from now on. What
 * is served is cut at once; what is stored, by the worker.
 * @param isReplay also of a group that nobody follows: should it be followed again.
 * @returns false for a group that nobody follows.
 */
export async function redact(
  { store, queue, ledger, now }: EraseDeps,
  resultId: string,
  { isReplay = false } = {},
): Promise<boolean> {
  const { schedule } = await store.read(resultId);
  if (schedule?.kind !== 'tracked' && !isReplay) return false;
  await ledger.record('redact', resultId, now());
  const due = await marked(store, resultId, now, (found, at) => store.redact(resultId, found, at));
  await queue.enqueue([{ resultId, due }]);
  return true;
}

/** Marks a group, under a due time unlike the one that it had: whoever looks at it ends nothing. */
async function marked(
  store: Snapshots,
  resultId: string,
  now: () => number,
  mark: (found: Schedule | undefined, at: Cleaning) => Promise<boolean>,
): Promise<number> {
  for (;;) {
    const { schedule } = await store.read(resultId);
    const at = now();
    const due = at === schedule?.due ? at + 1 : at;
    if (await mark(schedule, { now: at, due, until: at + LONGEST_RUN_MS })) return due;
  }
}

/** Until it is sealed, an erased group can't be followed anew. @returns the group as it is then. */
export async function fenceErased(store: Snapshots & Erasures, resultId: string): Promise<StoredGroup> {
  for (;;) {
    const found = await store.read(resultId);
    if (found.schedule?.kind !== 'tombstone' || found.schedule.isFenced) return found;
    await store.fenceTombstone(resultId, found);
  }
}
