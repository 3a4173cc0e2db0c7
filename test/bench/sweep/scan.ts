import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { resultIdOf } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import type { Due, DueIndex } from '../../../functions/domain/refresh/queue.ts';

/** Rows of a request. DynamoDB would give a megabyte, which takes DynamoDB Local seconds. */
const PAGE = 2_000;

const Row = z.object({ pk: z.string(), due: z.number() });

/** A sweep of a table without an index of due groups: it reads all rows and filters the due ones. */
export const scanIndex = (client: DynamoDBDocumentClient, table: string): DueIndex => ({
  withoutCalls: async () => [],
  async due(now, limit) {
    const found: Due[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: table,
          Limit: PAGE,
          FilterExpression: 'due <= :now',
          ProjectionExpression: 'pk, due',
          ExpressionAttributeValues: { ':now': now },
          ExclusiveStartKey: from,
        }),
      );
      for (const item of Items) {
        const { pk, due } = Row.parse(item);
        found.push({ resultId: resultIdOf(pk), due });
      }
      from = LastEvaluatedKey;
    } while (from);
    return found.sort((a, b) => a.due - b.due).slice(0, limit);
  },
});
