import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { PHASES, type Phase } from '../../domain/group/phase.ts';
import { letsThrough } from '../../domain/groups/group-filter.ts';
import type { Filter, Groups, Range, TrackedGroup } from '../../domain/groups/group-list.ts';
import { GROUPS_INDEX, groupKey, resultIdOf, SCHEDULE } from './layout/keys.ts';
import { ScheduleRow, scheduleOf } from './layout/schedule-row.ts';
import { batchGet } from './requests/batch-get.ts';

const IndexRow = z.object({ pk: z.string(), listed: z.string() });
type IndexRow = z.output<typeof IndexRow>;

function conditionOf({ before, after }: Range): string {
  if (before !== undefined) return ' AND listed < :bound';
  return after === undefined ? '' : ' AND listed > :bound';
}

/** Index entries that one query reads if it filters by status. The page can then hold fewer groups than its limit. */
const MAX_ENTRIES_READ = 1000;

/**
 * The index of tracked groups, by phase and by the time of their last change. An entry changes only when a refresh
 * finds a change. A query reads one phase without the others.
 */
export function groupIndex(client: DynamoDBDocumentClient, table: string): Groups {
  /**
   * @returns entries of one phase, and the last position that was read; `end` is undefined if the phase has no more
   * entries.
   */
  async function ofPhase(phase: Phase, status: string | undefined, range: Range, limit: number) {
    const bound = range.before ?? range.after;
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: GROUPS_INDEX,
        KeyConditionExpression: `phase = :phase${conditionOf(range)}`,
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
    const end = LastEvaluatedKey && IndexRow.parse(LastEvaluatedKey).listed;
    return { entries: Items.map((item) => IndexRow.parse(item)), end };
  }

  async function rowsOf(entries: readonly IndexRow[], filter: Filter): Promise<TrackedGroup[]> {
    const rows = new Map<string, ScheduleRow>();
    // While DynamoDB moves an entry, the index can show a group twice. BatchGetItem rejects duplicate keys.
    const pks = [...new Set(entries.map(({ pk }) => pk))];
    const keys = pks.map((pk) => ({ pk, sk: SCHEDULE }));
    for (const item of await batchGet(client, table, keys)) {
      const row = ScheduleRow.parse(item);
      rows.set(row.pk, row);
    }
    // The index lags behind the rows. A group may be erased in the meantime, or have another phase or status.
    return pks.flatMap((pk) => {
      const row = rows.get(pk);
      const group = row && trackedGroupOf(row);
      if (!group) return [];
      const { phase, summary } = group.schedule;
      const isMatch = letsThrough(filter, { phase, overallStatus: summary?.overallStatus ?? null });
      return isMatch ? group : [];
    });
  }

  return {
    async list(filter, range, limit) {
      const parts = await Promise.all(
        (filter.phase ? [filter.phase] : PHASES).map((one) => ofPhase(one, filter.overallStatus, range, limit)),
      );
      const isBehind = (a: string, b: string) => (range.order === 'oldest' ? a > b : a < b);
      const inOrder = (a: string, b: string) => (isBehind(a, b) ? 1 : -1);
      // Beyond the nearest of these ends, entries of a phase that was not read completely could be missing.
      const [horizon] = parts.flatMap(({ end }) => end ?? []).toSorted(inOrder);
      const entries = parts
        .flatMap(({ entries }) => entries)
        .filter(({ listed }) => horizon === undefined || !isBehind(listed, horizon))
        .toSorted((a, b) => inOrder(a.listed, b.listed));
      const page = entries.slice(0, limit);
      return { found: await rowsOf(page, filter), next: entries.length > limit ? page.at(-1)?.listed : horizon };
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
