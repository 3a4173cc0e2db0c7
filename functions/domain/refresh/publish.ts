import { eventCounts } from '../events/event-names.ts';
import { type Change, changeOf, type Digest, pagesWithout, storedDigests } from '../group/change.ts';
import { bytesHash, contentHash } from '../group/group.ts';
import { hashOf } from '../group/hash.ts';
import { type Layout, layOut } from '../group/pages.ts';
import type { StoredGroup } from '../group/schedule.ts';
import type { Archived, Page, Snapshot } from '../group/snapshot.ts';
import { confirmedAt } from '../store/confirmed-at.ts';
import type { Changes, Publications, Snapshots } from '../store/ports.ts';
import { unlessErased } from '../store/unless-erased.ts';
import { type Publication, type PublishKind, RENEW_INTERVAL_MS } from './publication.ts';

/**
 * Publishes a fetch in three steps: fence, archive, advance. Where another publish came first, the served snapshot
 * stays. At every moment a reader finds one of both snapshots whole. A run that dies at any step leaves a publish
 * intent, from which the next run finishes the publish (see recover).
 * @param before the items of the version that a new version supersedes.
 * @returns the published snapshot, or undefined where another publish came first.
 */
export async function publish(
  store: Snapshots & Publications & Changes,
  publication: Publication,
  kind: PublishKind,
  before: readonly Digest[] = [],
): Promise<Snapshot | undefined> {
  const { resultId, schedule, stored, fetched, phase, forced, now } = publication;
  const { group, at } = fetched;
  const previous = stored.snapshot;
  const revision = stored.revision + 1;
  const isVersion = kind === 'version';
  const linked = group.items.some((item) => item.linked);
  const renews = !isVersion || (linked && (forced || now() - (previous?.revisedAt ?? 0) >= RENEW_INTERVAL_MS));
  const { inline, ...layout } = layOut(group.items, revision, previous?.pages ?? [], store.room, renews);
  // Unchanged pages keep their stored rows and thus older links, so the served bytes differ from the fetched ones.
  const mixes = linked && !renews && layout.added.length < layout.pages.length;
  const content = contentHash(group);

  const intent = { due: schedule.due, found: schedule.publishIntent, publishedAt: stored.publishedAt };
  if (!(await store.recordPublishIntent(resultId, intent, revision))) return undefined;
  const { pages, added } = await renewed(store, resultId, layout, revision);
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
    bytes: mixes ? hashOf(content, String(revision)) : bytesHash(group),
    inline,
    pages,
  };
  if (!(await store.advance(resultId, next, stored.revision))) {
    const winner = (await store.read(resultId)).snapshot;
    await store.expirePages(resultId, pagesWithout(added, winner?.pages ?? []), revision, now());
    return undefined;
  }
  await store.expirePages(resultId, pagesWithout(previous?.pages ?? [], pages), next.since, now());
  if (isVersion) await record(store, resultId, superseded, next, changeOf(before, group.items), group.items);
  return next;
}

/**
 * Stores renewed links in the rows of pages. The key of a page names its content, and one write replaces all of its row:
 * at every moment, a reader of the row finds this content whole, and only the links differ.
 * @returns the layout in which the pages whose rows cannot be renewed are added anew.
 */
async function renewed(
  store: Publications,
  resultId: string,
  { pages, added, renewed: inPlace }: Omit<Layout, 'inline'>,
  revision: number,
): Promise<Pick<Layout, 'pages' | 'added'>> {
  if (inPlace.length === 0) return { pages, added };
  const others = await store.renewPages(resultId, inPlace, revision);
  const left = new Set(others.map(({ hash }) => hash));
  return {
    pages: pages.map((page) => (left.has(page.hash) ? { ...page, introduced: revision } : page)),
    added: [...added, ...others.map((page) => ({ ...page, introduced: revision }))],
  };
}

/**
 * Writes the change record of a version. It is derived from the two versions alone, so every
 * run writes the same record.
 */
async function record(
  store: Changes,
  resultId: string,
  superseded: Archived | undefined,
  next: Snapshot,
  change: Change,
  items: readonly Digest[],
): Promise<void> {
  if (superseded) await store.closeChange(resultId, superseded, next.publishedAt);
  const statusCounts = eventCounts(items.map(({ status }) => status));
  await store.putChange(resultId, next, { ...change, previousPhase: superseded?.phase, statusCounts });
}

/**
 * Writes the change record of the current version where it is missing, from the stored versions.
 */
export async function recordMissing(
  store: Snapshots & Changes,
  resultId: string,
  { schedule, snapshot }: StoredGroup,
): Promise<void> {
  if (!snapshot || (await store.change(resultId, snapshot.publishedAt))) return;
  const isFirst = snapshot.publishedAt === snapshot.began;
  const superseded = isFirst ? undefined : await store.archived(resultId, snapshot.version - 1);
  await unlessErased(store, resultId, schedule, async () => {
    const load = (pages: readonly Page[]) => store.pages(resultId, pages);
    const before = superseded ? await storedDigests(superseded, load) : [];
    const items = await storedDigests(snapshot, load);
    await record(store, resultId, superseded, snapshot, changeOf(before, items), items);
  });
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
  await recordMissing(store, resultId, stored);
  return { ...stored, revision };
}
