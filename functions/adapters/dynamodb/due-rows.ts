import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { DUE_INDEX } from './layout/keys.ts';

/** A row as the index of due rows holds it. */
const DueRow = z.object({ pk: z.string(), sk: z.string(), due: z.number() });
export type DueRow = z.output<typeof DueRow>;

/** The rows that were read from a shard so far, oldest first. */
interface ShardRead {
  readonly shard: string;
  readonly found: DueRow[];
  isOver: boolean;
  from?: Record<string, unknown> | undefined;
}

/**
 * Returns the rows of some shards that are due by `now` (ms since the epoch), oldest first, at most `limit`. It reads
 * hardly more rows than that. Eventually consistent.
 */
export async function dueRows(
  client: DynamoDBDocumentClient,
  table: string,
  shards: readonly string[],
  now: number,
  limit: number,
): Promise<DueRow[]> {
  const portion = portionOf(limit, shards.length);
  const readings: ShardRead[] = shards.map((shard) => ({ shard, found: [], isOver: false }));
  for (;;) {
    const oldest = readings
      .flatMap(({ found }) => found)
      .sort((a, b) => a.due - b.due)
      .slice(0, limit);
    const last = oldest.length < limit ? Number.POSITIVE_INFINITY : (oldest.at(-1)?.due ?? now);
    const behind = readings.filter(({ isOver, found }) => !isOver && (found.at(-1)?.due ?? 0) < last);
    if (behind.length === 0) return oldest;
    await Promise.all(behind.map((reading) => readOn(client, table, reading, now, portion)));
  }
}

/**
 * Rows of a shard that one query reads: the limit for a single shard; else the shard's share of it, a quarter more
 * because shards differ, and 16 more.
 */
const portionOf = (limit: number, shards: number) => (shards === 1 ? limit : Math.ceil((1.25 * limit) / shards) + 16);

async function readOn(
  client: DynamoDBDocumentClient,
  table: string,
  read: ShardRead,
  now: number,
  limit: number,
): Promise<void> {
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
  for (const item of Items) read.found.push(DueRow.parse(item));
  read.from = LastEvaluatedKey;
  read.isOver = LastEvaluatedKey === undefined;
}
