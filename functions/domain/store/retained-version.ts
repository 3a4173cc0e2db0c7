import type { StoredGroup, Tracked } from '../group/schedule.ts';
import type { Archived, Snapshot } from '../group/snapshot.ts';
import { Refusal } from '../refusal.ts';
import { MissingPageError } from './missing-page.ts';
import type { Snapshots } from './ports.ts';

/** Whether a group is erased. No read fetches an erased group. */
export const isErased = ({ schedule }: StoredGroup): boolean => schedule?.kind === 'tombstone';

/** Returns the schedule record of a tracked group; undefined for an unknown or erased group. */
export const trackedIn = ({ schedule }: StoredGroup): Tracked | undefined =>
  schedule?.kind === 'tracked' ? schedule : undefined;

/**
 * Reads a superseded version of a group.
 * @throws Refusal UNKNOWN_VERSION for a version that never existed or was erased; EXPIRED_VERSION
 * for one that has expired.
 */
export async function retainedVersion(
  store: Snapshots,
  resultId: string,
  { snapshot, schedule }: StoredGroup,
  version: number,
): Promise<Archived> {
  const current = snapshot?.version ?? 0;
  if (version < 1 || version >= current || version <= (schedule?.erasedVersion ?? 0)) {
    throw new Refusal('UNKNOWN_VERSION', `This group has no such version; the current one is ${current}.`);
  }
  const archived = await store.archived(resultId, version);
  if (!archived) throw expired();
  return archived;
}

/**
 * Returns a version of a group: the current one, or a superseded one.
 * @throws Refusal as retainedVersion.
 */
export const snapshotOf = async (
  store: Snapshots,
  resultId: string,
  group: StoredGroup,
  version: number,
): Promise<Snapshot> =>
  group.snapshot?.version === version ? group.snapshot : retainedVersion(store, resultId, group, version);

/**
 * Turns a missing page into EXPIRED_VERSION: where the retention was shortened, an archive record can
 * outlive a page it names.
 * @throws Refusal EXPIRED_VERSION for a missing page, else the error itself.
 */
export function orExpired(error: unknown): never {
  throw error instanceof MissingPageError ? expired() : error;
}

export const expired = () =>
  new Refusal('EXPIRED_VERSION', 'The retention of this version has ended: it was superseded too long ago.');
