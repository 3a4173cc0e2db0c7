import type { Page, Snapshot } from '../group/snapshot.ts';
import type { Snapshots } from '../store/ports.ts';
import { orExpired, snapshotOf, trackedIn } from '../store/retained-version.ts';
import { unlessErased } from '../store/unless-erased.ts';
import { type Difference, diffOf } from './diff.ts';

export interface GroupDiff {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly differences: Difference[];
}

/**
 * Compares two versions of a group.
 * @returns undefined for a group that is not tracked, or that was erased meanwhile.
 * @throws Refusal UNKNOWN_VERSION for a version that never existed or was erased; EXPIRED_VERSION.
 */
export async function groupDiff(
  store: Snapshots,
  resultId: string,
  from: number,
  to: number,
): Promise<GroupDiff | undefined> {
  const group = await store.read(resultId);
  const schedule = trackedIn(group);
  if (!schedule) return undefined;
  const before = await snapshotOf(store, resultId, group, from);
  const after = await snapshotOf(store, resultId, group, to);
  const load = (pages: readonly Page[]) => store.pages(resultId, pages);
  const differences = await unlessErased(store, resultId, schedule, () =>
    diffOf(before, after, { load, isRedacted: schedule.redactedAt !== undefined }),
  ).catch(orExpired);
  return differences && { from: before, to: after, differences };
}
