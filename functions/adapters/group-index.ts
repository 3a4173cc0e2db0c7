import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { PHASES, type Phase } from '../domain/phase.ts';
import type { Filter, Followed, Groups } from '../domain/ports.ts';
import { batchGet } from './batch-get.ts';
import { GROUPS_INDEX, groupKey, resultIdOf, SCHEDULE, ScheduleRow, scheduleOf } from './rows.ts';

const IndexRow = z.object({ pk: z.string(), listed: z.string() });
type IndexRow = z.output<typeof IndexRow>;

type Range = Parameters<Groups['list']>[1];

function conditionOf({ before, after }: Range): string {
  if (before === undefined) return after === undefined ? '' : ' AND listed > :after';
  // Between has both its ends, which are left out afterwards.
  return after === undefined ? ' AND listed < :before' : ' AND listed BETWEEN :after AND :before';
}

/** Entries read for one answer where most are filtered out: then it gives fewer, and where to go on. */
const MOST_READ = 1000;

/**
 * The index of followed groups: by phase, in the order of their last change. Its entries change only where a look finds
 * something, and one phase is read without the others.
 */
export function groupIndex(client: DynamoDBDocumentClient, table: string): Groups {
  /** Of one phase, up to `limit` entries, and how far it was read where that wasn't to the end. */
  async function ofPhase(phase: Phase, status: string | undefined, { before, after }: Range, limit: number) {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: GROUPS_INDEX,
        KeyConditionExpression: `phase = :phase${conditionOf({ before, after })}`,
        ...(status !== undefined && { FilterExpression: 'overall_status = :status' }),
        ExpressionAttributeValues: {
          ':phase': phase,
          ...(after !== undefined && { ':after': after }),
          ...(before !== undefined && { ':before': before }),
          ...(status !== undefined && { ':status': status }),
        },
        ScanIndexForward: false,
        Limit: status === undefined ? limit : MOST_READ,
      }),
    );
    const end = LastEvaluatedKey && IndexRow.parse(LastEvaluatedKey).listed;
    const entries = Items.map((item) => IndexRow.parse(item));
    return { entries: entries.filter(({ listed }) => listed !== before && listed !== after), end };
  }

  async function rowsOf(entries: readonly IndexRow[], phase: Phase | undefined): Promise<Followed[]> {
    const rows = new Map<string, z.output<typeof ScheduleRow>>();
    const keys = entries.map(({ pk }) => ({ pk, sk: SCHEDULE }));
    for (const item of await batchGet(client, table, keys)) {
      const row = ScheduleRow.parse(item);
      rows.set(row.pk, row);
    }
    // A group may have been erased, or have another phase by now: the index follows its rows a moment later.
    return entries.flatMap(({ pk }) => {
      const row = rows.get(pk);
      return row && (phase ?? row.phase) === row.phase ? (followedOf(row) ?? []) : [];
    });
  }

  return {
    async list({ phase, overallStatus }: Filter, range, limit) {
      const parts = await Promise.all(
        (phase ? [phase] : PHASES).map((one) => ofPhase(one, overallStatus, range, limit)),
      );
      const ends = parts.flatMap(({ end }) => end ?? []);
      // Further back than this, entries of a phase that was not read to its end could be missing.
      const horizon = ends.toSorted().at(-1) ?? '';
      const entries = parts
        .flatMap(({ entries }) => entries)
        .filter(({ listed }) => listed >= horizon)
        .toSorted((a, b) => (a.listed < b.listed ? 1 : -1));
      const given = entries.slice(0, limit);
      const isCut = entries.length > limit;
      return { found: await rowsOf(given, phase), next: isCut ? given.at(-1)?.listed : horizon || undefined };
    },

    async get(resultId) {
      const Key = { pk: groupKey(resultId), sk: SCHEDULE };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      const row = ScheduleRow.optional().parse(Item);
      return row && followedOf(row);
    },
  };
}

function followedOf(row: z.output<typeof ScheduleRow>): Followed | undefined {
  const schedule = scheduleOf(row);
  const { phase } = schedule;
  return phase && { resultId: resultIdOf(row.pk), schedule: { ...schedule, phase } };
}
