import type { StoredGroup, Tracked } from '../group/schedule.ts';
import type { Archived } from '../group/snapshot.ts';
import { Refusal } from '../refusal.ts';
import { MissingPageError } from './missing-page.ts';
import type { Snapshots } from './ports.ts';

/** An erased group: no read asks AnyCheck about it. */
export const isErased = ({ schedule }: StoredGroup): boolean => schedule?.kind === 'tombstone';

/** The schedule record of a tracked group; undefined for a group that is unknown or erased. */
export const trackedIn = ({ schedule }: StoredGroup): Tracked | undefined =>
  schedule?.kind === 'tracked' ? schedule : undefined;

/** @throws Refusal UNKNOWN_VERSION for a version that there never was, or that was erased; EXPIRED_VERSION for one that has expired. */
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

/** A history row can outlive a page that it names, where retention was made shorter in between. @throws Refusal EXPIRED_VERSION, or the error. */
export function orExpired(error: unknown): never {
  throw error instanceof MissingPageError ? expired() : error;
}

export const expired = () =>
  new Refusal('EXPIRED_VERSION', 'That version was superseded so long ago that it is not kept any more.');
