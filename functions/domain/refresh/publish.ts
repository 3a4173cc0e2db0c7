import { changeOf, digestsWithout, pagesWithout } from '../group/change.ts';
import { hashOf, type Item } from '../group/group.ts';
import { layOut } from '../group/pages.ts';
import type { Phase } from '../group/phase.ts';
import type { DueSchedule, StoredGroup, Tracked } from '../group/schedule.ts';
import type { Archived, Page, Snapshot } from '../group/snapshot.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Changes, Publications, Snapshots } from '../store/ports.ts';
import { unlessErased } from '../store/unless-erased.ts';
import type { ConsistentFetch } from './fetch-consistent.ts';

/** ms. Renewed links without other changes are stored at most this often, unless a reader forced the refresh. */
const RENEW_INTERVAL_MS = 3_600_000;

export interface Publication {
  readonly resultId: string;
  readonly schedule: DueSchedule<Tracked>;
  /**
   * The group as read before the first AnyCheck call. The publish succeeds only if the stored group is still this one.
   */
  readonly stored: StoredGroup;
  readonly fetched: ConsistentFetch;
  readonly phase: Phase;
  readonly forced: boolean;
  readonly now: () => number;
}

/** A new version, or a new revision of the same version: with renewed links, or redacted. */
export type PublishKind = 'version' | 'revision';

/** Returns what a fetch requires: a new version, a revision with renewed links, or nothing. */
export function kindOf({ stored: { snapshot }, fetched, forced, now }: Publication): PublishKind | 'nothing' {
  if (snapshot?.content !== fetched.content) return 'version';
  const renewed = snapshot.bytes !== fetched.bytes;
  return renewed && (forced || now() - snapshot.revisedAt >= RENEW_INTERVAL_MS) ? 'revision' : 'nothing';
}

/**
 * Publishes a fetch in three steps: fence, archive, advance. Where another publish came first, the served snapshot
 * stays. At every moment a reader finds one of both snapshots whole. A run that dies at any step leaves a publish
 * intent, from which the next run finishes the publish (see recover).
 * @returns the published snapshot, or undefined where another publish came first.
 */
export async function publish(
  store: Snapshots & Publications & Changes,
  publication: Publication,
  kind: PublishKind,
): Promise<Snapshot | undefined> {
  const { resultId, schedule, stored, fetched, phase, forced, now } = publication;
  const { group, content, bytes, at } = fetched;
  const previous = stored.snapshot;
  const revision = stored.revision + 1;
  const isVersion = kind === 'version';
  const linked = group.items.some((item) => item.linked);
  const renews = !isVersion || (linked && (forced || now() - (previous?.revisedAt ?? 0) >= RENEW_INTERVAL_MS));
  const { inline, pages, added } = layOut(group.items, revision, renews ? [] : (previous?.pages ?? []), store.room);
  // Unchanged pages keep their stored rows and thus older links, so the served bytes differ from the fetched ones.
  const mixes = linked && added.length < pages.length;

  if (!(await store.recordPublishIntent(resultId, schedule.due, schedule.publishIntent, revision))) return undefined;
  await store.putPages(resultId, added);
  const superseded = previous && { ...previous, confirmedUntil: confirmedAt(previous, schedule) };
  if (superseded && isVersion) await store.archive(resultId, superseded, now());
  // Taken as late as possible: readers receive the new version from the next step on.
  const publishedAt = isVersion || !previous ? Math.max(now(), stored.publishedAt + 1) : previous.publishedAt;
  const next: Snapshot = {
    version: stored.version + (isVersion ? 1 : 0),
    revision,
    since: isVersion ? revision : (previous?.since ?? revision),
    publishedAt,
    began: previous?.began ?? publishedAt,
    fetchedAt: at,
    revisedAt: renews ? now() : (previous?.revisedAt ?? now()),
    totalText: group.totalText,
    overallStatusText: group.overallStatusText,
    phase,
    hadItems: (previous?.hadItems ?? false) || group.items.length > 0,
    isRedacted: schedule.redactedAt !== undefined,
    content,
    bytes: mixes ? hashOf(bytes, String(revision)) : bytes,
    inline,
    pages,
  };
  if (!(await store.advance(resultId, next, stored.revision))) {
    const winner = (await store.read(resultId)).snapshot;
    await store.expirePages(resultId, pagesWithout(added, winner?.pages ?? []), revision, now());
    return undefined;
  }
  await store.expirePages(resultId, pagesWithout(previous?.pages ?? [], pages), next.since, now());
  if (isVersion) {
    const after = itemsWithout(group.items, next, previous?.pages ?? []);
    await unlessErased(store, resultId, schedule, () => record(store, resultId, superseded, next, after));
  }
  return next;
}

/** Returns the items that are not in pages of `others`. */
function itemsWithout(items: readonly Item[], { inline, pages }: Snapshot, others: readonly Page[]): readonly Item[] {
  if (inline) return items;
  const own = new Set(pagesWithout(pages, others));
  let start = 0;
  return pages.flatMap((page) => {
    start += page.count;
    return own.has(page) ? items.slice(start - page.count, start) : [];
  });
}

/**
 * Writes the change record of a version. It is derived from the two versions alone, so every
 * run writes the same record.
 */
async function record(
  store: Snapshots & Publications & Changes,
  resultId: string,
  superseded: Archived | undefined,
  next: Snapshot,
  after?: readonly Item[],
): Promise<void> {
  const load = (pages: readonly Page[]) => store.pages(resultId, pages);
  const change = changeOf(
    superseded ? await digestsWithout(superseded, next.pages, load) : [],
    after ?? (await digestsWithout(next, superseded?.pages ?? [], load)),
  );
  if (superseded) await store.closeChange(resultId, superseded, next.publishedAt);
  await store.putChange(resultId, next, change);
}

/**
 * Finishes the publish of a run that died. Where that run did not advance, the current record is fenced first: a run
 * that is only slow then fails to advance. After that, every page that the current record does not name expires. The
 * publish intent stays until this run's own publish replaces it or its finish clears it.
 * @param now ms since the epoch.
 * @returns the stored group after that, or undefined where another run was first.
 */
export async function recover(
  store: Snapshots & Publications & Changes,
  resultId: string,
  stored: StoredGroup,
  now: number,
): Promise<StoredGroup | undefined> {
  const { schedule, snapshot } = stored;
  const intended = schedule?.publishIntent;
  if (intended === undefined) return stored;
  if (stored.revision < intended && !(await store.fence(resultId, stored, intended))) return undefined;
  const revision = Math.max(stored.revision, intended);
  const { pages = [], since = 0 } = snapshot ?? {};
  await store.expireOthers(resultId, pages, { revision, since, now });
  if (snapshot && !(await store.change(resultId, snapshot.publishedAt))) {
    const isFirst = snapshot.publishedAt === snapshot.began;
    const superseded = isFirst ? undefined : await store.archived(resultId, snapshot.version - 1);
    await unlessErased(store, resultId, schedule, () => record(store, resultId, superseded, snapshot));
  }
  return { ...stored, revision };
}
