import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Allowance } from '../domain/ports.ts';
import { holds } from './conditional-writes.ts';
import { ALLOWANCE, allowanceKey, SCHEMA } from './rows.ts';

interface Place {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}

export interface AllowanceOptions extends Place {
  /** What it is for, each with an allowance of its own. */
  readonly kind: 'read' | 'follow';
  /** Ids, at most, within a window. */
  readonly most: number;
  /** ms; windows follow each other, and a caller begins each with the whole allowance. */
  readonly window: number;
  readonly now: () => number;
}

/** Allowances by caller: a row for each that took something in a window, deleted after it. One conditional write takes. */
export function allowances({ client, table, kind, most, window, now }: AllowanceOptions) {
  /** @param who the token's subject, of which the row has a hash: it may be an address. */
  return (who: string): Allowance => ({
    async take(ids) {
      const nth = Math.floor(now() / window);
      const hash = createHash('sha256').update(who).digest('base64url');
      const pk = allowanceKey(`${hash}#${kind}#${nth}`);
      const values = { ':ids': ids, ':room': most - ids, ':v': SCHEMA, ':expires': ((nth + 1) * window) / 1000 };
      const isTaken = await holds(
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk, sk: ALLOWANCE },
            UpdateExpression: 'SET v = :v, expires = :expires ADD ids_taken :ids',
            ConditionExpression: '(attribute_not_exists(pk) OR ids_taken <= :room) AND :ids <= :most',
            ExpressionAttributeValues: { ...values, ':most': most },
          }),
        ),
      );
      return isTaken ? pk : undefined;
    },
    giveBack: giveBackTo({ client, table }),
  });
}

/** What can't be given back is there again with the next window: that is no reason to fail. */
export const giveBackTo =
  ({ client, table }: Place): Allowance['giveBack'] =>
  async (from, ids) => {
    if (ids === 0) return;
    const update = new UpdateCommand({
      TableName: table,
      Key: { pk: from, sk: ALLOWANCE },
      UpdateExpression: 'ADD ids_taken :ids',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':ids': -ids },
    });
    await client.send(update).catch(() => {});
  };
