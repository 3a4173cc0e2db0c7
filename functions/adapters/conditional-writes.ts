import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Change, updateExpression } from './update-expression.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Condition {
  /** A ConditionExpression; its values' names don't begin with `:set_` or `:write`. */
  readonly when: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

export interface ConditionalWrites {
  put(row: Key & Readonly<Record<string, unknown>>, condition: Condition): Promise<boolean>;
  update(key: Key, change: Partial<Change>, condition: Condition): Promise<boolean>;
  delete(key: Key, condition: Condition): Promise<boolean>;
}

/**
 * Conditional writes that answer whether they were made. The SDK sends a write again when its answer was lost; the second
 * attempt then meets the first one's row, and its condition would not hold. So each write leaves an id of its own in the row,
 * and a row that carries it counts as written. (A deleted row can't: there a lost answer reads as false.)
 */
export function conditionalWrites(client: DynamoDBDocumentClient, table: string): ConditionalWrites {
  const once = ({ when, values }: Condition, write: string) => ({
    TableName: table,
    ConditionExpression: `(${when}) OR write_id = :write`,
    ExpressionAttributeValues: { ...values, ':write': write },
  });

  return {
    put(row, condition) {
      const write = writeId();
      return holds(client.send(new PutCommand({ ...once(condition, write), Item: { ...row, write_id: write } })));
    },

    update({ pk, sk }, change, condition) {
      const write = writeId();
      const { ExpressionAttributeValues, ...rest } = once(condition, write);
      const { UpdateExpression, names, values } = updateExpression({
        ...change,
        set: { ...change.set, write_id: write },
      });
      return holds(
        client.send(
          new UpdateCommand({
            ...rest,
            Key: { pk, sk },
            UpdateExpression,
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
          }),
        ),
      );
    },

    delete({ pk, sk }, { when, values }) {
      return holds(
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: { pk, sk },
            ConditionExpression: when,
            ...(values && { ExpressionAttributeValues: { ...values } }),
          }),
        ),
      );
    },
  };
}

/** What the row of a group that is followed has, and no other. */
export const FOLLOWED = 'attribute_exists(phase)';
type Read = 'due' | 'publishing' | 'erased_at';
/** The condition that a number is still what was read; undefined where there was none. */
export const is = (name: Read, value: number | undefined): string =>
  value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`;
export const bound = (name: Read, value: number | undefined): Readonly<Record<string, number>> =>
  value === undefined ? {} : { [`:${name}`]: value };

export const NEW: Condition = { when: 'attribute_not_exists(pk)' };

/** The condition that the current row is still at a revision; 0 where there is none. */
export const atRevision = (revision: number): Condition =>
  revision === 0 ? NEW : { when: 'revision = :revision', values: { ':revision': revision } };

const writeId = () => randomBytes(9).toString('base64url');

/** Whether a write's condition held. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
