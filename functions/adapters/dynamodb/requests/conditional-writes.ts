import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type AttributeChanges, updateExpression } from './update-expression.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Condition {
  /** A ConditionExpression; its values' names don't begin with `:set_` or `:write`. */
  readonly when: string;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

export interface ConditionalWrites {
  put(row: Key & Readonly<Record<string, unknown>>, condition: Condition): Promise<boolean>;
  update(key: Key, change: Partial<AttributeChanges>, condition: Condition): Promise<boolean>;
  /**
   * An update that adds, whatever is there. Once; twice where another write came between a lost answer and the SDK's retry.
   * @param signal ends the trying, with an error.
   */
  add(key: Key, change: Partial<AttributeChanges>, signal: AbortSignal): Promise<void>;
  delete(key: Key, condition: Condition): Promise<boolean>;
}

/**
 * Conditional writes that answer whether they were made. The SDK sends a write again when its answer was lost; the second
 * attempt then meets the first one's row, and its condition would not hold. So each write leaves an id of its own in the row,
 * and a row that carries it counts as written. (A deleted row can't: there a lost answer reads as false.)
 */
export function conditionalWrites(client: DynamoDBDocumentClient, table: string): ConditionalWrites {
  const update = (
    { pk, sk }: Key,
    change: Partial<AttributeChanges>,
    { when, values }: Condition,
    write: string,
    abortSignal?: AbortSignal,
  ) => {
    const expression = updateExpression({ ...change, set: { ...change.set, write_id: write } });
    const command = new UpdateCommand({
      TableName: table,
      Key: { pk, sk },
      ConditionExpression: when,
      UpdateExpression: expression.UpdateExpression,
      ExpressionAttributeNames: expression.names,
      ExpressionAttributeValues: { ...values, ':write': write, ...expression.values },
    });
    return holds(client.send(command, abortSignal ? { abortSignal } : {}));
  };

  return {
    put(row, { when, values }) {
      const write = writeId();
      const command = new PutCommand({
        TableName: table,
        Item: { ...row, write_id: write },
        ConditionExpression: orWritten(when),
        ExpressionAttributeValues: { ...values, ':write': write },
      });
      return holds(client.send(command));
    },

    update: (key, change, { when, values }) => update(key, change, { when: orWritten(when), values }, writeId()),

    async add(key, change, signal) {
      await update(key, change, { when: UNLESS_WRITTEN }, writeId(), signal);
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
export const IS_TRACKED = 'attribute_exists(phase)';
export const IS_NOT_TRACKED = 'attribute_not_exists(phase)';
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

const orWritten = (when: string) => `(${when}) OR write_id = :write`;
const UNLESS_WRITTEN = 'attribute_not_exists(write_id) OR write_id <> :write';
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
