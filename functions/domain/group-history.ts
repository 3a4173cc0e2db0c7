import { isErased } from './kept-version.ts';
import type { History, Store } from './ports.ts';
import { confirmedAt } from './publish.ts';
import { type VersionView, versionView } from './version-view.ts';

export interface HistoryDeps {
  readonly store: Store;
  readonly history: History;
  readonly now: () => number;
}

export interface HistoryPage {
  readonly items: VersionView[];
  /** When the oldest of them was published, ms, where there are older ones. */
  readonly next: number | undefined;
}

/**
 * The versions of a group that are kept, newest first, older than one published at `before`.
 * @returns undefined for a group that nobody follows.
 */
export async function groupHistory(
  { store, history, now }: HistoryDeps,
  resultId: string,
  before: number | undefined,
  limit: number,
): Promise<HistoryPage | undefined> {
  const group = await store.read(resultId);
  if (!group.schedule || isErased(group)) return undefined;
  const { snapshot, schedule } = group;
  const recorded = await history.changes(resultId, before, limit + 1);
  const kept = recorded.filter(
    ({ version, expires = Number.POSITIVE_INFINITY }) => version > schedule.erasedVersion && expires > now() / 1000,
  );
  const page = kept.slice(0, limit);
  return {
    items: page.map((one) => {
      const current = snapshot?.version === one.version ? confirmedAt(snapshot, schedule) : undefined;
      // It was fetched a moment before it was published.
      return versionView(one, Math.max(one.publishedAt, current ?? one.confirmedUntil ?? 0));
    }),
    next: kept.length > limit ? page.at(-1)?.publishedAt : undefined,
  };
}
