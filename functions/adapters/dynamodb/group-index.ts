import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { PHASES, type Phase } from '../../domain/group/phase.ts';
import { letsThrough } from '../../domain/groups/group-filter.ts';
import type { Filter, Groups, Range, TrackedGroup } from '../../domain/groups/group-list.ts';
import { FAILING_INDEX, GROUPS_INDEX, groupKey, resultIdOf, SCHEDULE } from './layout/keys.ts';
import { ScheduleRow, scheduleOf } from './layout/schedule-row.ts';
import { batchGet } from './requests/batch-get.ts';

/** The index that a filter reads. Its sort key is a group's position. */
const indexOf = ({ isFailing }: Filter) =>
  isFailing ? { name: FAILING_INDEX, sortKey: 'failing' } : { name: GROUPS_INDEX, sortKey: 'listed' };

/** An entry of an index. */
interface Entry {
  readonly pk: string;
  readonly position: string;
}
const IndexRow = z.looseObject({ pk: z.string() });
const Position = z.string();

function conditionOf({ before, after }: Range): string {
  if (before !== undefined) return ' AND #position < :bound';
  return after === undefined ? '' : ' AND #position > :bound';
}

/** Index entries that one query reads if it filters by status. The page can then hold fewer groups than its limit. */
const MAX_ENTRIES_READ = 1000;

/**
 * The indexes of tracked groups, by phase: of all by the time of their last change, and of those that fail by the begin of
 * their failures. An entry of the first one changes only when a refresh finds a change, one of the second only when
 * failures begin or end. A query reads one phase without the others.
 */
export function groupIndex(client: DynamoDBDocumentClient, table: string): Groups {
  /**
   * @returns entries of one phase, and the last position that was read; `end` is undefined if the phase has no more
   * entries.
   */
  async function ofPhase(phase: Phase, filter: Filter, range: Range, limit: number) {
    const { name, sortKey } = indexOf(filter);
    const { overallStatus: status } = filter;
    const bound = range.before ?? range.after;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: name,
        KeyConditionExpression: `phase = :phase${conditionOf(range)}`,
        ...(bound !== undefined && { ExpressionAttributeNames: { '#position': sortKey } }),
        ...(status !== undefined && { FilterExpression: 'overall_status = :status' }),
        ExpressionAttributeValues: {
          ':phase': phase,
          ...(bound !== undefined && { ':bound': bound }),
          ...(status !== undefined && { ':status': status }),
        },
        ScanIndexForward: range.order === 'oldest',
        Limit: status === undefined ? limit : MAX_ENTRIES_READ,
      }),
    );
    const entryOf = (item: unknown): Entry => {
      const { pk, [sortKey]: position } = IndexRow.parse(item);
      return { pk, position: Position.parse(position) };
    };
    return { entries: Items.map(entryOf), end: LastEvaluatedKey && entryOf(LastEvaluatedKey).position };
  }

  async function rowsOf(entries: readonly Entry[], filter: Filter): Promise<TrackedGroup[]> {
    const rows = new Map<string, ScheduleRow>();
    // While DynamoDB moves an entry, the index can show a group twice. BatchGetItem rejects duplicate keys.
    const pks = [...new Set(entries.map(({ pk }) => pk))];
    const keys = pks.map((pk) => ({ pk, sk: SCHEDULE }));
    for (const item of await batchGet(client, table, keys)) {
      const row = ScheduleRow.parse(item);
      rows.set(row.pk, row);
    }
    // The index lags behind the rows. A group may be erased or work again in the meantime, or have another phase or status.
    return pks.flatMap((pk) => {
      const row = rows.get(pk);
      const group = row && trackedGroupOf(row);
      if (!group) return [];
      const { phase, summary, failingSince } = group.schedule;
      const overallStatus = summary?.overallStatus ?? null;
      return letsThrough(filter, { phase, overallStatus, isFailing: failingSince !== undefined }) ? group : [];
    });
  }

  return {
    async list(filter, range, limit) {
      const parts = await Promise.all(
        (filter.phase ? [filter.phase] : PHASES).map((one) => ofPhase(one, filter, range, limit)),
      );
      const isBehind = (a: string, b: string) => (range.order === 'oldest' ? a > b : a < b);
      const inOrder = (a: string, b: string) => (isBehind(a, b) ? 1 : -1);
      // Beyond the nearest of these ends, entries of a phase that was not read completely could be missing.
      const [horizon] = parts.flatMap(({ end }) => end ?? []).toSorted(inOrder);
      const entries = parts
        .flatMap(({ entries }) => entries)
        .filter(({ position }) => horizon === undefined || !isBehind(position, horizon))
        .toSorted((a, b) => inOrder(a.position, b.position));
      const page = entries.slice(0, limit);
      return { found: await rowsOf(page, filter), next: entries.length > limit ? page.at(-1)?.position : horizon };
    },

    async get(resultId) {
      const Key = { pk: groupKey(resultId), sk: SCHEDULE };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      const row = Item && ScheduleRow.parse(Item);
      return row && trackedGroupOf(row);
    },
  };
}

function trackedGroupOf(row: ScheduleRow): TrackedGroup | undefined {
  const schedule = scheduleOf(row);
  return schedule.kind === 'tracked' ? { resultId: resultIdOf(row.pk), schedule } : undefined;
}
