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
  /** At most `limit` versions. Fewer where some have expired, or where long ones fill the page. */
  readonly items: VersionView[];
  /** When the last examined version was published, ms since the epoch; undefined where there are no older ones. */
  readonly next: number | undefined;
}

/**
 * Bytes of JSON after which a page ends. A version with 10,000 transitions has a million; Lambda's limit is 6 MB.
 */
const MAX_BYTES = 3_000_000;

/**
 * Lists the retained versions of a group, newest first.
 * @param before ms since the epoch: only versions published earlier are listed; undefined lists from the newest.
 * @returns undefined for a group that is not tracked.
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
  let bytes = 0;
  for (const [i, one] of recorded.entries()) {
    if (i === limit || bytes > MAX_BYTES) {
      next = recorded[i - 1]?.publishedAt;
      break;
    }
    const isRetained = one.version > schedule.erasedVersion && (one.expires ?? Number.POSITIVE_INFINITY) > now() / 1000;
    if (!isRetained) continue;
    const current = snapshot?.version === one.version ? confirmedAt(snapshot, schedule) : undefined;
    // A version is fetched shortly before it is published, so its confirmation can lie before its publication.
    const view = versionView(one, Math.max(one.publishedAt, current ?? one.confirmedUntil ?? 0));
    bytes += Buffer.byteLength(JSON.stringify(view));
    items.push(view);
  }
  return { items, next };
}
