import { confirmedAt } from '../store/confirmed-at.ts';
import type { History, Snapshots } from '../store/ports.ts';
import { trackedIn } from '../store/retained-version.ts';
import { type VersionView, versionView } from './version-view.ts';

export interface HistoryDeps {
  readonly store: Snapshots;
  readonly history: History;
  readonly now: () => number;
}

export interface HistoryPage {
  /** As many as were asked for, or fewer: those in between may not be kept, and some are long. */
  readonly items: VersionView[];
  /** When the last one that was looked at was published, ms, where there are older ones. */
  readonly next: number | undefined;
}

/** Characters of JSON after which a page ends: a version of 10,000 transitions has a million, and an answer ends at 6 MB. */
const MAX_CHARACTERS = 3_000_000;

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
  const schedule = trackedIn(group);
  if (!schedule) return undefined;
  const { snapshot } = group;
  const recorded = await history.changes(resultId, before, limit + 1);
  const items: VersionView[] = [];
  let next: number | undefined;
  let length = 0;
  for (const [i, one] of recorded.entries()) {
    if (i === limit || length > MAX_CHARACTERS) {
      next = recorded[i - 1]?.publishedAt;
      break;
    }
    const isRetained = one.version > schedule.erasedVersion && (one.expires ?? Number.POSITIVE_INFINITY) > now() / 1000;
    if (!isRetained) continue;
    const current = snapshot?.version === one.version ? confirmedAt(snapshot, schedule) : undefined;
    // It was fetched a moment before it was published.
    const view = versionView(one, Math.max(one.publishedAt, current ?? one.confirmedUntil ?? 0));
    length += JSON.stringify(view).length;
    items.push(view);
  }
  return { items, next };
}
