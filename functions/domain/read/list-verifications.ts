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
  /** Receives, for each read of a group that isn't erased, whether the snapshot was good enough or AnyCheck has to be asked first. */
  readonly onRead: (kind: 'hit' | 'miss') => void;
}

/**
 * One page of a group, from its snapshot.
 * @param deadline makes what ends the waiting for AnyCheck, where it has to be asked first.
 * @throws Refusal UNKNOWN_GROUP, ERASED_GROUP, UNKNOWN_VERSION, EXPIRED_VERSION; QUOTA_SPENT for a caller who named too many ids of
 * which AnyCheck showed nothing; UPSTREAM_UNAVAILABLE for a group that has no snapshot while AnyCheck fails.
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
  const group =
    hit ?? (await refreshFirst(deps, resultId, found, { arrivedAt: arrivedAt, oldest, deadline: deadline() }));

  const wanted = await versionOf(deps, request, group.snapshot);
  const isCurrent = wanted === group.snapshot.version;
  // Also a reader who forced a refresh and is served what was there.
  if (isCurrent && group === found) await requestEarlyRefresh(deps, resultId, group);
  const meant = isCurrent ? group.snapshot : await retainedVersion(store, resultId, group, wanted);
  const reading = unlessErased(store, resultId, group.schedule, () => pageOf(store, request, group, meant, now()));
  const listed = await (isCurrent ? reading : reading.catch(orExpired));
  if (!listed) throw erasedGroup();
  return listed;
}

/** The version that is meant: of a time, the newest that was published by then. */
async function versionOf(
  { history }: Pick<ListDeps, 'history'>,
  { resultId, version, asOf }: ListRequest,
  snapshot: Snapshot,
): Promise<number> {
  if (asOf === undefined) return version ?? snapshot.version;
  if (asOf >= snapshot.publishedAt) return snapshot.version;
  if (asOf < snapshot.began) throw new Refusal('UNKNOWN_VERSION', 'Nothing was known of this group at that time.');
  const then = await history.changeAt(resultId, asOf);
  // What came after it may be kept no more, where retention was made shorter in between.
  if (!then || (then.supersededAt ?? Number.POSITIVE_INFINITY) <= asOf) throw expired();
  return then.version;
}
