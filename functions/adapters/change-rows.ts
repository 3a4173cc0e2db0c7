import { type DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import type { History, Recorded, Store } from '../domain/ports.ts';
import { type ConditionalWrites, NEW } from './conditional-writes.ts';
import { CHANGES, ChangeRow, changeRow, changeSk, expiryAfter, groupKey, recordedOf } from './rows.ts';

export interface ChangeRowsOptions {
  readonly client: DynamoDBDocumentClient;
  readonly writes: ConditionalWrites;
  readonly table: string;
  readonly retentionDays: number;
}

type ChangeRows = Pick<Store, 'change' | 'putChange' | 'closeChange'>;

/** One small row for each version: what it was, and changed of the one before. Without its content, which the history row has. */
export function changeRows({ client, writes, table, retentionDays }: ChangeRowsOptions): ChangeRows {
  return {
    async change(resultId, publishedAt) {
      const Key = { pk: groupKey(resultId), sk: changeSk(publishedAt) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && recordedOf(ChangeRow.parse(Item));
    },

    async putChange(resultId, snapshot, change) {
      await writes.put(changeRow(resultId, snapshot, change), NEW);
    },

    async closeChange(resultId, { publishedAt, confirmedUntil }, at) {
      await writes.update(
        { pk: groupKey(resultId), sk: changeSk(publishedAt) },
        { set: { confirmed_until: confirmedUntil, superseded_at: at, expires: expiryAfter(at, retentionDays) } },
        { when: 'attribute_exists(pk)' },
      );
    },
  };
}

/** The same rows, read as a group's history. */
export function changeHistory(client: DynamoDBDocumentClient, table: string): History {
  async function newest(resultId: string, until: string, limit: number) {
    const query = {
      TableName: table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
      ExpressionAttributeValues: { ':pk': groupKey(resultId), ':first': CHANGES, ':last': until },
      ScanIndexForward: false,
      Limit: limit,
    };
    const found: Recorded[] = [];
    // A query ends at 1 MB, which is a few versions of a large group.
    for await (const { Items = [] } of paginateQuery({ client }, query)) {
      found.push(...Items.map((item) => recordedOf(ChangeRow.parse(item))));
      if (found.length >= limit) break;
    }
    return found.slice(0, limit);
  }

  return {
    changes: (resultId, before, limit) =>
      newest(resultId, before === undefined ? `${CHANGES}:` : changeSk(before - 1), limit),
    changeAt: async (resultId, time) => (await newest(resultId, changeSk(time), 1))[0],
  };
}
