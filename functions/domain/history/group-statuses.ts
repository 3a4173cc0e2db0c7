import type { Page } from '../group/snapshot.ts';
import type { Snapshots } from '../store/ports.ts';
import { orExpired, snapshotOf, trackedIn } from '../store/retained-version.ts';
import { unlessErased } from '../store/unless-erased.ts';
import { partsOf } from './diff-parts.ts';

/** A verification's status. Null where AnyCheck sent none. */
export interface VerificationStatus {
  readonly id: string;
  readonly status: string | null;
}

/**
 * Returns the status of each verification of a version, in their order.
 * @returns undefined for a group that is not tracked, or that was erased meanwhile.
 * @throws Refusal UNKNOWN_VERSION for a version that never existed or was erased; EXPIRED_VERSION.
 */
export async function groupStatuses(
  store: Snapshots,
  resultId: string,
  version: number,
): Promise<VerificationStatus[] | undefined> {
  const group = await store.read(resultId);
  const schedule = trackedIn(group);
  if (!schedule) return undefined;
  const snapshot = await snapshotOf(store, resultId, group, version);
  // A redaction keeps ids and statuses, so content that is not redacted yet need not be.
  const reading = { load: (pages: readonly Page[]) => store.pages(resultId, pages), isRedacted: false };
  const parts = await unlessErased(store, resultId, schedule, () => partsOf(snapshot, [], reading)).catch(orExpired);
  return parts?.flatMap(({ items = [] }) => items.map(({ id, status }) => ({ id, status })));
}
