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

/** Entries read for one answer where most are filtered out: then it gives fewer, and where to go on. */
const MAX_ENTRIES_READ = 1000;

/**
 * The index of followed groups: by phase, in the order of their last change. Its entries change only where a look finds
 * something, and one phase is read without the others.
 */
export function groupIndex(client: DynamoDBDocumentClient, table: string): Groups {
  /** Of one phase, up to `limit` entries, and how far it was read where that wasn't to the end. */
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
    // While DynamoDB moves an entry, the index can show a group twice; BatchGetItem rejects a key that it gets twice.
    const pks = [...new Set(entries.map(({ pk }) => pk))];
    const keys = pks.map((pk) => ({ pk, sk: SCHEDULE }));
    for (const item of await batchGet(client, table, keys)) {
      const row = ScheduleRow.parse(item);
      rows.set(row.pk, row);
    }
    // A group may have been erased, or have another phase or status by now: the index follows its rows a moment later.
    return pks.flatMap((pk) => {
      const row = rows.get(pk);
      const group = row && trackedGroupOf(row);
      if (!group) return [];
      const { phase, summary: standing } = group.schedule;
      const isMeant = letsThrough(filter, { phase, overallStatus: standing?.overallStatus ?? null });
      return isMeant ? group : [];
    });
  }

  return {
    async list(filter, range, limit) {
      const parts = await Promise.all(
        (filter.phase ? [filter.phase] : PHASES).map((one) => ofPhase(one, filter.overallStatus, range, limit)),
      );
      const isBehind = (a: string, b: string) => (range.order === 'oldest' ? a > b : a < b);
      const inOrder = (a: string, b: string) => (isBehind(a, b) ? 1 : -1);
      // Further on than the first of these, entries of a phase that was not read to its end could be missing.
      const [horizon] = parts.flatMap(({ end }) => end ?? []).toSorted(inOrder);
      const entries = parts
        .flatMap(({ entries }) => entries)
        .filter(({ listed }) => horizon === undefined || !isBehind(listed, horizon))
        .toSorted((a, b) => inOrder(a.listed, b.listed));
      const given = entries.slice(0, limit);
      return { found: await rowsOf(given, filter), next: entries.length > limit ? given.at(-1)?.listed : horizon };
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
