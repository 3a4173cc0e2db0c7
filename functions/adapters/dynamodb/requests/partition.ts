import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Place } from './place.ts';

/** Reads all rows with a partition key, page by page. */
export async function partition(
  { client, table }: Place,
  pk: string,
  { isConsistent }: { readonly isConsistent: boolean },
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await client.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: isConsistent,
        ExclusiveStartKey: from,
      }),
    );
    rows.push(...Items);
    from = LastEvaluatedKey;
  } while (from);
  return rows;
}
