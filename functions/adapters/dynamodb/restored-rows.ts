import { DeleteCommand, GetCommand, PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { StoredGroup } from '../../domain/group/schedule.ts';
import { readHead } from './head.ts';
import { placeholderRow } from './layout/content-row.ts';
import {
  CHANGES,
  currentKey,
  EVENTS,
  groupKey,
  HISTORY,
  isGone,
  PAGES,
  pageSks,
  resultIdOf,
  SCHEDULE,
  scheduleKey,
  shardOf,
} from './layout/keys.ts';
import { ScheduleRow, scheduleOf } from './layout/schedule-row.ts';
import { batchesOf, eachOf } from './requests/batches.ts';
import { atRevision, conditionalWrites, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';
import { range, withPrefix } from './requests/range.ts';

const Row = z.looseObject({ pk: z.string(), sk: z.string(), expires: z.optional(z.number()) });
type Row = z.output<typeof Row>;

/** In the order in which a copy writes them: a reader that finds a version's archive record finds its pages. */
const CONTENT = [PAGES, HISTORY, CHANGES];
/** Events are copied as well, because deliveries to webhook endpoints read them. Those of the live table stay. */
const COPIED = [...CONTENT, EVENTS];
/** A run is at most two revisions ahead of the current row: the one that it fenced, and the one that it publishes. */
const AHEAD = 2;

/** A copy that stopped. Its message says which row failed, and what readers of the group see now. */
class RestoreStopped extends Error {
  override readonly name = 'RestoreStopped';
}

export interface RestoreTables {
  readonly from: Place;
  readonly to: Place;
  /** ms since the epoch. */
  readonly now: () => number;
}

export interface RestorableGroup {
  readonly resultId: string;
  readonly source: StoredGroup;
  readonly live: StoredGroup;
  /** Content and event rows of the restored table that have not expired; none of an erased group. */
  readonly content: readonly Row[];
  /** Sort keys of content rows that only the live table has. */
  readonly others: readonly string[];
}

/** Lists the groups of a table by a scan of the whole table, in no order. */
export async function* groupIds({ client, table }: Place): AsyncGenerator<string> {
  const scan = {
    TableName: table,
    ProjectionExpression: 'pk',
    FilterExpression: 'sk = :schedule',
    ExpressionAttributeValues: { ':schedule': SCHEDULE },
  };
  for await (const { Items = [] } of paginateScan({ client }, scan)) {
    for (const { pk } of Items) yield resultIdOf(String(pk));
  }
}

/** Reads all rows of a group from both tables. @throws an Error if a row has a schema version of another build. */
export async function readRestorable({ from, to, now }: RestoreTables, resultId: string): Promise<RestorableGroup> {
  const [source, live] = [await readHead(from, resultId), await readHead(to, resultId)];
  const isErased = source.schedule?.kind === 'tombstone';
  const content = isErased ? [] : (await rowsOf(from, resultId, COPIED)).filter((row) => !isGone(row, now()));
  const known = new Set(content.map(({ sk }) => sk));
  const others = (await rowsOf(to, resultId, CONTENT, 'pk, sk')).map(({ sk }) => sk).filter((sk) => !known.has(sk));
  return { resultId, source, live, content, others };
}

/**
 * Copies a group into the live table. It fences the live current row first, so that no refresh or erasure under way
 * mixes with the copy. Then it writes content, the current row, and the schedule row, which makes the group due now.
 * So a reader sees the group as before, or restored. A copy that stopped can be repeated.
 * @returns the number of written rows.
 * @throws RestoreStopped at the first row that cannot be written.
 */
export async function copyGroup(tables: RestoreTables, group: RestorableGroup): Promise<number> {
  const { from, to, now } = tables;
  const { resultId, source, live, content, others } = group;
  const stored = new Set(content.map(({ sk }) => sk));
  const missing = (source.snapshot?.pages ?? []).flatMap(pageSks).find((sk) => !stored.has(sk));
  if (missing !== undefined) throw new RestoreStopped(`the restored table lacks its row ${missing}. ${BEFORE}`);
  const writes = conditionalWrites(to.client, to.table);
  const schedule = await rowAt(from, scheduleKey(resultId));

  const fence = Math.max(source.revision, live.revision) + AHEAD;
  const isFenced = await at('head#current', BEFORE, () =>
    live.snapshot
      ? writes.update(currentKey(resultId), { set: { revision: fence } }, atRevision(live.revision))
      : writes.put(placeholderRow(resultId, source, fence), atRevision(live.revision)),
  );
  if (!isFenced) throw new RestoreStopped(`${CHANGED} ${BEFORE}`);

  for (const prefix of COPIED) {
    const rows = content.filter(({ sk }) => sk.startsWith(prefix));
    await eachOf(batchesOf(rows, bytesOf), (Item) =>
      at(Item.sk, BEFORE, () => to.client.send(new PutCommand({ TableName: to.table, Item }))),
    );
  }

  const revision = fence + 1;
  const found = await rowAt(from, currentKey(resultId));
  const current = found ? { ...found, revision } : placeholderRow(resultId, source, revision);
  if (!(await at('head#current', BEFORE, () => writes.put(current, atRevision(fence))))) {
    throw new RestoreStopped(`${CHANGED} ${BEFORE}`);
  }

  await eachOf(batchesOf(others), (sk) =>
    at(sk, AFTER, () =>
      to.client.send(new DeleteCommand({ TableName: to.table, Key: { pk: groupKey(resultId), sk } })),
    ),
  );
  const isTracked = source.schedule?.kind === 'tracked';
  const due = isTracked ? { due: now(), due_shard: shardOf(resultId) } : {};
  // It is due for a refresh, also where the backup had it due for its announcement alone.
  const { refresh_due: _, ...kept }: Partial<Row> = schedule ?? {};
  const row = { ...kept, ...scheduleKey(resultId), ...due };
  await at(SCHEDULE, AFTER, () => putSchedule(to, resultId, row, live));
  return content.length + 2;
}

/** Replaces the schedule row. A refresh may write it meanwhile; an erasure or redaction since `live` stops the copy. */
async function putSchedule(to: Place, resultId: string, row: Row, { schedule: before }: StoredGroup): Promise<void> {
  const writes = conditionalWrites(to.client, to.table);
  for (;;) {
    const seen = await rowAt(to, scheduleKey(resultId));
    const schedule = seen && scheduleOf(ScheduleRow.parse(seen));
    if (schedule?.erasedAt !== before?.erasedAt || schedule?.redactedAt !== before?.redactedAt) {
      throw new Error('it was erased or redacted meanwhile');
    }
    const condition = seen ? { when: 'write_id = :seen', values: { ':seen': seen.write_id } } : NEW;
    if (await writes.put(row, condition)) return;
  }
}

async function rowsOf(
  place: Place,
  resultId: string,
  prefixes: readonly string[],
  attributes?: string,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const prefix of prefixes) {
    const options = attributes ? { ProjectionExpression: attributes } : {};
    for await (const row of range(place, withPrefix(groupKey(resultId), prefix), options)) rows.push(Row.parse(row));
  }
  return rows;
}

async function rowAt({ client, table }: Place, Key: { pk: string; sk: string }): Promise<Row | undefined> {
  const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item && Row.parse(Item);
}

/** The bytes of a row's binary attributes, which are nearly all of a large row. */
const bytesOf = (row: Row): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);

const BEFORE = 'Its readers see what they saw before; nothing of it is restored for them. Run the same command again.';
const AFTER = 'Its content is restored, its schedule row is not. Run the same command again.';
const CHANGED = 'a refresh, an erasure or another restore changed it meanwhile.';

/** Runs the write of one row. @throws RestoreStopped with the row's sort key, and what readers see. */
async function at<T>(sk: string, state: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new RestoreStopped(`its row ${sk} was not written (${reason}). ${state}`, { cause: error });
  }
}
