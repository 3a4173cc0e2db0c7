import type { Erasures, Snapshots } from '../store/ports.ts';
import { erase, redact } from './erase.ts';
import type { LedgerEntry } from './ledger.ts';

export interface Replayed {
  redacted: number;
  erased: number;
  /** Entries whose effect the restored table already contains. */
  unchanged: number;
}

/**
 * Replays the erasures and redactions that a restore of the table undid. It only marks the groups; they are then due,
 * and the next sweep queues their cleaning. Redactions are replayed first, since they outlast an erasure.
 */
export async function replay(
  { store, now }: { readonly store: Snapshots & Erasures; readonly now: () => number },
  entries: readonly LedgerEntry[],
): Promise<Replayed> {
  const silent = { ledger: { record: async () => {} }, queue: { enqueue: async () => {} }, isAnnounced: false };
  const deps = { store, now, ...silent };
  const done: Replayed = { redacted: 0, erased: 0, unchanged: 0 };
  for (const { kind, resultId } of entries) {
    if (kind !== 'redact') continue;
    const { schedule } = await store.read(resultId);
    if (schedule?.redactedAt !== undefined) done.unchanged++;
    else {
      await redact(deps, resultId, { isReplay: true });
      done.redacted++;
    }
  }
  for (const { kind, resultId, at } of entries) {
    if (kind !== 'erase') continue;
    const { schedule } = await store.read(resultId);
    if ((schedule?.erasedAt ?? 0) >= at) done.unchanged++;
    else {
      await erase(deps, resultId);
      done.erased++;
    }
  }
  return done;
}
