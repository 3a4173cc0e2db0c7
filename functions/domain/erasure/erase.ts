import type { StoredGroup } from '../group/schedule.ts';
import { atOnce } from '../refresh/due-time.ts';
import type { RefreshQueue } from '../refresh/queue.ts';
import { DamagedRowError } from '../store/damaged-row.ts';
import type { Cleaning, Erasures, Snapshots } from '../store/ports.ts';
import type { Ledger } from './ledger.ts';

/**
 * ms after which every run has ended that may have read content before its erasure or redaction: no Lambda runs longer.
 */
const MAX_RUN_MS = 15 * 60_000;

export interface EraseDeps {
  readonly store: Snapshots & Erasures;
  readonly queue: RefreshQueue;
  readonly ledger: Ledger;
  readonly now: () => number;
  /** Whether erasures and redactions are announced: not where they are replayed. Default: true. */
  readonly isAnnounced?: boolean;
}

/**
 * Erases a group, known or unknown, also one whose rows are damaged. It is unreadable at once and stays so until it is tracked again. The worker deletes
 * its content at once, and again after every run that could write old content has ended.
 */
export async function erase(deps: EraseDeps, resultId: string): Promise<void> {
  const { store, queue, ledger, now } = deps;
  await ledger.record('erase', resultId, now());
  await store.read(resultId).catch(async (error: unknown) => {
    if (!(error instanceof DamagedRowError)) throw error;
    await store.repair(resultId, now());
  });
  const due = await marked(deps, resultId, ({ schedule }, at) => store.writeTombstone(resultId, schedule, at));
  await fenceErased(store, resultId);
  await queue.enqueue([{ resultId, due }]);
}

/**
 * Redacts a group: removes everything that could be personal from its stored versions and from every later fetch. Reads
 * are redacted at once. The worker redacts the stored content.
 * @param isReplay whether to mark a group that is not tracked as well, in case it is tracked again.
 * @returns false for a group that is not tracked, unless `isReplay`.
 */
export async function redact(deps: EraseDeps, resultId: string, { isReplay = false } = {}): Promise<boolean> {
  const { store, queue, ledger, now } = deps;
  const { schedule } = await store.read(resultId);
  if (schedule?.kind !== 'tracked' && !isReplay) return false;
  await ledger.record('redact', resultId, now());
  const due = await marked(deps, resultId, (found, at) => store.redact(resultId, found, at));
  await queue.enqueue([{ resultId, due }]);
  return true;
}

/**
 * Marks a group as erased or redacted, with a due time other than its current one. So a refresh that
 * is under way cannot finish.
 * @returns the new due time, ms since the epoch.
 */
async function marked(
  { store, now, isAnnounced = true }: EraseDeps,
  resultId: string,
  mark: (found: StoredGroup, at: Cleaning) => Promise<boolean>,
): Promise<number> {
  for (;;) {
    const found = await store.read(resultId);
    const at = now();
    const due = found.schedule ? atOnce(found.schedule, at) : at;
    if (await mark(found, { now: at, due, until: at + MAX_RUN_MS, isAnnounced })) return due;
  }
}

/**
 * Fences the tombstone of an erased group: without the fence it cannot be tracked again.
 * @returns the group after that.
 */
export async function fenceErased(store: Snapshots & Erasures, resultId: string): Promise<StoredGroup> {
  for (;;) {
    const found = await store.read(resultId);
    if (found.schedule?.kind !== 'tombstone' || found.schedule.isFenced) return found;
    await store.fenceTombstone(resultId, found);
  }
}
