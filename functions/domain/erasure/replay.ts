import type { Erasures, Snapshots } from '../store/ports.ts';
import { erase, redact } from './erase.ts';
import type { LedgerEntry } from './ledger.ts';

export interface Replayed {
  redacted: number;
  erased: number;
  /** Done already, before the moment that was restored. */
  unchanged: number;
}

/**
 * Does again what a restore undid. The schedule does the rest: what is marked here is due, and the next sweep has it cleaned.
 * Redactions come first, since they outlast an erasure.
 */
export async function replay(
  { store, now }: { readonly store: Snapshots & Erasures; readonly now: () => number },
  entries: readonly LedgerEntry[],
): Promise<Replayed> {
  const deps = { store, now, ledger: { record: async () => {} }, queue: { enqueue: async () => {} } };
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
