import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Due, DueIndex } from '../../domain/refresh/queue.ts';
import { DUE_INDEX, resultIdOf, shards, WITHOUT_CALLS } from './layout/keys.ts';

const IndexRow = z.object({ pk: z.string(), due: z.number() });

/**
 * Rows of a shard that one query reads: the shard's share of the limit, a quarter more because shards differ, and 16
 * more.
 */
const portion = (limit: number) => Math.ceil((1.25 * limit) / shards.length) + 16;

/** The rows that were read from a shard so far, oldest first. */
interface ShardRead {
  readonly shard: string;
  readonly found: Due[];
  isOver: boolean;
  from?: Record<string, unknown> | undefined;
}

/** The sparse index of due groups. The reads of a sweep are proportional to the groups due, not to all known groups. */
export function dueIndex(client: DynamoDBDocumentClient, table: string): DueIndex {
  async function readOn(read: ShardRead, now: number, limit: number): Promise<void> {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: DUE_INDEX,
        KeyConditionExpression: 'due_shard = :shard AND due <= :now',
        ExpressionAttributeValues: { ':shard': read.shard, ':now': now },
        Limit: limit,
        ExclusiveStartKey: read.from,
      }),
    );
    for (const item of Items) {
      const { pk, due } = IndexRow.parse(item);
      read.found.push({ resultId: resultIdOf(pk), due });
    }
    read.from = LastEvaluatedKey;
    read.isOver = LastEvaluatedKey === undefined;
  }

  return {
    async withoutCalls(now, limit) {
      const reading: ShardRead = { shard: WITHOUT_CALLS, found: [], isOver: false };
      await readOn(reading, now, limit);
      return reading.found;
    },

    async due(now, limit) {
      const readings: ShardRead[] = shards.map((shard) => ({ shard, found: [], isOver: false }));
      for (;;) {
        const oldest = readings
          .flatMap(({ found }) => found)
          .sort((a, b) => a.due - b.due)
          .slice(0, limit);
        const last = oldest.length < limit ? Number.POSITIVE_INFINITY : (oldest.at(-1)?.due ?? now);
        const behind = readings.filter(({ isOver, found }) => !isOver && (found.at(-1)?.due ?? 0) < last);
        if (behind.length === 0) return oldest;
        await Promise.all(behind.map((reading) => readOn(reading, now, portion(limit))));
      }
    },
  };
}
