import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** The limit of one BatchGetItem request. */
const MAX_KEYS = 100;

type Row = Record<string, unknown>;

/** Reads rows by their keys, strongly consistent. @returns the rows that exist, in no order. */
export async function batchGet(client: DynamoDBDocumentClient, table: string, all: readonly Row[]): Promise<Row[]> {
  const found: Row[] = [];
  let keys: readonly Row[] = all;
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys.slice(0, MAX_KEYS), ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[table] ?? []));
    keys = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(MAX_KEYS)];
  }
  return found;
}
