import type { Snapshot } from '../group/snapshot.ts';
import { Refusal } from '../refusal.ts';
import type { History, Store } from '../store/ports.ts';
import { expired, isErased, orExpired, retainedVersion } from '../store/retained-version.ts';
import { unlessErased } from '../store/unless-erased.ts';
import { type EarlyRefreshDeps, requestEarlyRefresh } from './early-refresh.ts';
import type { ListRequest } from './list-request.ts';
import { type ListedPage, pageOf } from './listed-page.ts';
import { erasedGroup, isConfirmed, isServed } from './next-step.ts';
import { type RefreshFirstDeps, refreshFirst } from './refresh-first.ts';

export interface ListDeps extends RefreshFirstDeps, EarlyRefreshDeps {
  readonly store: Store;
  readonly history: Pick<History, 'changeAt'>;
  /**
   * Receives the kind of each read of a group that is not erased: `hit` where the stored snapshot is recent enough,
   * `miss` where a refresh comes first.
   */
  readonly onRead: (kind: 'hit' | 'miss') => void;
}

/**
 * Returns one page of a group from its snapshot.
 * @param deadline creates the signal that ends the wait for AnyCheck; called only where a refresh comes first.
 * @throws Refusal UNKNOWN_GROUP, ERASED_GROUP, UNKNOWN_VERSION, EXPIRED_VERSION; QUOTA_SPENT where the
 * caller read too many groups of which AnyCheck returned nothing; UPSTREAM_UNAVAILABLE where the group has
 * no snapshot and AnyCheck fails.
 */
export async function listVerifications(
  deps: ListDeps,
  request: ListRequest,
  deadline: () => AbortSignal,
): Promise<ListedPage> {
  const { store, now } = deps;
  const { resultId, maxAge } = request;
  const found = await store.read(resultId);
  if (isErased(found)) throw erasedGroup();
  const arrivedAt = now();
  const oldest = maxAge === undefined ? Number.NEGATIVE_INFINITY : arrivedAt - maxAge * 1000;
  const hit = isServed(found) && isConfirmed(found, oldest) ? found : undefined;
  deps.onRead(hit ? 'hit' : 'miss');
  const group = hit ?? (await refreshFirst(deps, resultId, found, { arrivedAt, oldest, deadline: deadline() }));

  const version = await versionOf(deps, request, group.snapshot);
  const isCurrent = version === group.snapshot.version;
  // This includes a reader who sent `no-cache` and is served the old snapshot.
  if (isCurrent && group === found) await requestEarlyRefresh(deps, resultId, group);
  const snapshot = isCurrent ? group.snapshot : await retainedVersion(store, resultId, group, version);
  const reading = unlessErased(store, resultId, group.schedule, () => pageOf(store, request, group, snapshot, now()));
  const listed = await (isCurrent ? reading : reading.catch(orExpired));
  if (!listed) throw erasedGroup();
  return listed;
}

/** Returns the number of the requested version. For a time, that is the newest version published by then. */
async function versionOf(
  { history }: Pick<ListDeps, 'history'>,
  { resultId, version, asOf }: ListRequest,
  snapshot: Snapshot,
): Promise<number> {
  if (asOf === undefined) return version ?? snapshot.version;
  if (asOf >= snapshot.publishedAt) return snapshot.version;
  if (asOf < snapshot.began) throw new Refusal('UNKNOWN_VERSION', 'This group had no version at that time.');
  const recorded = await history.changeAt(resultId, asOf);
  // The version that superseded it may have expired, where the retention was shortened in between.
  if (!recorded || (recorded.supersededAt ?? Number.POSITIVE_INFINITY) <= asOf) throw expired();
  return recorded.version;
}
