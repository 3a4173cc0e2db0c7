import { paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { Place } from './place.ts';

/** Sort keys of one partition, from `first` to `last`, both included. */
export interface Range {
  readonly pk: string;
  readonly first: string;
  readonly last: string;
}

type Options = Partial<
  Pick<
    QueryCommandInput,
    | 'ExpressionAttributeNames'
    | 'FilterExpression'
    | 'Limit'
    | 'ProjectionExpression'
    | 'ScanIndexForward'
    | 'ConsistentRead'
  >
>;

/**
 * Reads the rows of a range, page by page, strongly consistent by default. A caller that has enough rows stops the
 * iteration, and no further page is read. A range that ends before it begins is empty. DynamoDB refuses such a range,
 * and a bound can come from a cursor, a clock or a stored mark.
 */
export async function* range(
  { client, table }: Place,
  { pk, first, last }: Range,
  options: Options = {},
): AsyncGenerator<Record<string, unknown>> {
  if (first > last) return;
  const query = {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
    ExpressionAttributeValues: { ':pk': pk, ':first': first, ':last': last },
    ...options,
  };
  for await (const { Items = [] } of paginateQuery({ client }, query)) yield* Items;
}

/** The sort keys with a prefix that ends in `#`: `$` sorts directly after `#`. */
export const withPrefix = (pk: string, prefix: string): Range => ({
  pk,
  first: prefix,
  last: prefix.replace(/#$/, '$'),
});

/** Reads up to `limit` rows of a range, in one request if none of them is large. */
export async function firstOf(
  place: Place,
  of: Range,
  limit: number,
  options: Options = {},
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for await (const row of range(place, of, { ...options, Limit: limit })) if (rows.push(row) >= limit) break;
  return rows;
}
