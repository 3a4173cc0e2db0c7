import type { Collected } from './collect.ts';
import { hashOf } from './group.ts';
import { layOut } from './pages.ts';
import type { Phase } from './phase.ts';
import type { DueSchedule, Schedule, Store, StoredGroup } from './ports.ts';
import type { Page, Snapshot } from './snapshot.ts';

/** ms. Renewed links alone are stored this often at most, unless a fetch was forced. */
const RENEW_EVERY = 3_600_000;

export interface Publication {
  readonly resultId: string;
  readonly schedule: DueSchedule;
  /** As read before AnyCheck was first asked: what is published on top of it is published only if it still stands. */
  readonly stored: StoredGroup;
  readonly collected: Collected;
  readonly phase: Phase;
  readonly forced: boolean;
  readonly now: number;
}

/** When AnyCheck last confirmed a snapshot that is current, ms. */
export function confirmedAt(snapshot: Snapshot, schedule: Schedule | undefined): number {
  const sameVersion = schedule?.confirmedVersion === snapshot.version;
  return Math.max(snapshot.fetchedAt, (sameVersion && schedule.confirmedAt) || 0);
}

/** What a fetch asks for: a new version, the same version with renewed links, or nothing. */
export function kindOf({
  stored: { snapshot },
  collected,
  forced,
  now,
}: Publication): 'version' | 'revision' | 'nothing' {
  if (snapshot?.content !== collected.content) return 'version';
  const renewed = snapshot.bytes !== collected.bytes;
  return renewed && (forced || now - snapshot.revisedAt >= RENEW_EVERY) ? 'revision' : 'nothing';
}

const missingFrom = (pages: readonly Page[], kept: readonly Page[]) => {
  const names = new Set(kept.map((page) => `${page.introduced} ${page.hash}`));
  return pages.filter((page) => !names.has(`${page.introduced} ${page.hash}`));
};

/**
 * Fence, archive, advance: makes a fetch what is served, or nothing at all where another publish came first. A reader finds
 * either snapshot whole at every moment, and a death at any step leaves a note that the next run finishes from (see recover).
 * @returns the snapshot published, or undefined where the race was lost.
 */
export async function publish(store: Store, publication: Publication): Promise<Snapshot | undefined> {
  const { resultId, schedule, stored, collected, phase, forced, now } = publication;
  const { group, content, bytes, at } = collected;
  const previous = stored.snapshot;
  const revision = stored.revision + 1;
  const isVersion = kindOf(publication) === 'version';
  const linked = group.items.some((item) => item.linked);
  const renews = !isVersion || (linked && (forced || now - (previous?.revisedAt ?? 0) >= RENEW_EVERY));
  const { inline, pages, added } = layOut(group.items, revision, renews ? [] : (previous?.pages ?? []));
  // Pages that kept their rows kept older links: what is served differs from what was fetched.
  const mixes = linked && added.length < pages.length;
  const next: Snapshot = {
    version: (previous?.version ?? 0) + (isVersion ? 1 : 0),
    revision,
    since: isVersion ? revision : (previous?.since ?? revision),
    publishedAt: isVersion ? Math.max(now, (previous?.publishedAt ?? 0) + 1) : (previous?.publishedAt ?? now),
    fetchedAt: at,
    revisedAt: renews ? now : (previous?.revisedAt ?? now),
    totalText: group.totalText,
    overallStatusText: group.overallStatusText,
    phase,
    hadItems: (previous?.hadItems ?? false) || group.items.length > 0,
    content,
    bytes: mixes ? hashOf(bytes, String(revision)) : bytes,
    inline,
    pages,
  };

  if (!(await store.note(resultId, schedule.due, schedule.publishing, revision))) return undefined;
  await store.putPages(resultId, added);
  if (previous && isVersion) {
    await store.archive(resultId, { ...previous, confirmedUntil: confirmedAt(previous, schedule) }, now);
  }
  if (!(await store.advance(resultId, next, stored.revision))) {
    const winner = (await store.read(resultId)).snapshot;
    await store.expirePages(resultId, missingFrom(added, winner?.pages ?? []), revision, now);
    return undefined;
  }
  await store.expirePages(resultId, missingFrom(previous?.pages ?? [], pages), next.since, now);
  return next;
}

/**
 * Finishes the publish of a run that died. Where its advance is missing, the current row is fenced first, so that the dead
 * run's advance fails should it only be slow; then every page that the current row doesn't name is expired. The note stays
 * until this run's own publish replaces it, or its finish ends it.
 * @returns what is stored now, or undefined where somebody else got ahead.
 */
export async function recover(
  store: Store,
  resultId: string,
  stored: StoredGroup,
  now: number,
): Promise<StoredGroup | undefined> {
  const noted = stored.schedule?.publishing;
  if (noted === undefined) return stored;
  if (stored.revision < noted && !(await store.fence(resultId, stored.revision, noted))) return undefined;
  const revision = Math.max(stored.revision, noted);
  const { pages = [], since = 0 } = stored.snapshot ?? {};
  await store.expireOthers(resultId, pages, { revision, since, now });
  return { ...stored, revision };
}
