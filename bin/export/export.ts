import { mapLimit } from '../../functions/domain/map-limit.ts';
import { type Client, dataOf } from '../client/client.ts';
import { isIn, type Period, versionsIn } from './history.ts';
import { type ExportRecord, recordsOf } from './records.ts';

/** How far an export has come. */
export interface Place {
  /** Where its present listing begins, ms since the epoch. */
  readonly listedSince: number;
  /** When its present listing began, by the clock of the service, ms since the epoch. */
  readonly began: number;
  /** The next page; undefined: the first one. */
  readonly cursor: string | undefined;
  /** Whether this is the last listing unless it finds a group that the export lacks. */
  readonly isLast: boolean;
}

interface Exporting {
  readonly client: Client;
  readonly period: Period;
  /** Where to begin. */
  readonly place: Place;
  /** The groups that the export has. */
  readonly exported: Set<string>;
  /** How long a change can be invisible to a listing, ms. */
  readonly settledMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Writes the records of one group. */
  readonly write: (records: readonly ExportRecord[]) => Promise<void>;
  /** Called behind the last record of a page. */
  readonly onPage: (place: Place) => Promise<void>;
}

const PAGE = 100;
/** Histories that are read at once. */
const PARALLEL = 5;

/** The place before the first page. @param now the time of the service, ms since the epoch. */
export const firstPlace = ({ since }: Period, now: number): Place => ({
  listedSince: since,
  began: now,
  cursor: undefined,
  isLast: false,
});

/**
 * Exports each group that was tracked or published in a period once, by the order of its last change.
 * A listing by `oldest` can miss a group that changes while it is listed. So a listing of what changed since the begin of
 * the one before follows, until one finds nothing that the export lacks.
 */
export async function exportAll(options: Exporting): Promise<void> {
  const { client, settledMs, sleep, onPage } = options;
  let { place } = options;
  for (;;) {
    let next: string | null | undefined = place.cursor;
    do {
      const query = { order: 'oldest' as const, limit: PAGE, ...listedFrom(place) };
      const { items, next_cursor } = dataOf(await client.GET('/groups', { params: { query } }));
      const found = await exportPage(options, items);
      next = next_cursor;
      place = { ...place, cursor: next ?? undefined, isLast: place.isLast && found === 0 };
      if (next !== null) await onPage(place);
    } while (next !== null);
    if (place.isLast) return;
    await sleep(settledMs);
    const listedSince = place.began - settledMs;
    dataOf(await client.GET('/groups', { params: { query: { limit: 1 } } }));
    place = { listedSince, began: client.serverTime(), cursor: undefined, isLast: true };
    await onPage(place);
  }
}

const listedFrom = ({ cursor, listedSince }: Place) =>
  cursor === undefined ? { changed_since: new Date(listedSince).toISOString() } : { cursor };

/** @returns how many groups were exported. */
async function exportPage(
  { client, period, exported, write }: Exporting,
  groups: readonly Parameters<typeof recordsOf>[0][],
): Promise<number> {
  const missing = groups.filter(({ result_id }) => !exported.has(result_id));
  let found = 0;
  for (let at = 0; at < missing.length; at += PARALLEL) {
    const chunk = missing.slice(at, at + PARALLEL);
    const histories = await mapLimit(chunk, PARALLEL, async ({ result_id, version }) =>
      version === null ? [] : versionsIn(client, result_id, period),
    );
    for (const [i, group] of chunk.entries()) {
      const versions = histories[i];
      if (versions === undefined || (versions.length === 0 && !isIn(period, group.last_change))) continue;
      await write(recordsOf(group, versions));
      exported.add(group.result_id);
      found++;
    }
  }
  return found;
}
