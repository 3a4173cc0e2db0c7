import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Due, DueIndex } from '../domain/ports.ts';
import { DUE_INDEX, resultIdOf, shards } from './rows.ts';

const IndexRow = z.object({ pk: z.string(), due: z.number() });

/** The sparse index: a sweep reads the groups that are due and no others, whatever the number of groups known. */
export function dueIndex(client: DynamoDBDocumentClient, table: string): DueIndex {
  async function ofShard(shard: string, now: number, limit: number): Promise<Due[]> {
    const found: Due[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: DUE_INDEX,
          KeyConditionExpression: 'due_shard = :shard AND due <= :now',
          ExpressionAttributeValues: { ':shard': shard, ':now': now },
          Limit: limit - found.length,
          ExclusiveStartKey: from,
        }),
      );
      for (const item of Items) {
        const { pk, due } = IndexRow.parse(item);
        found.push({ resultId: resultIdOf(pk), due });
      }
      from = LastEvaluatedKey;
    } while (from && found.length < limit);
    return found;
  }

  return {
    async due(now, limit) {
      const found = await Promise.all(shards.map((shard) => ofShard(shard, now, limit)));
      return found
        .flat()
        .sort((a, b) => a.due - b.due)
        .slice(0, limit);
    },
  };
}
