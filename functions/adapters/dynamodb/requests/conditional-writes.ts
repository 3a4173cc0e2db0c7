import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type AttributeChanges, updateExpression } from './update-expression.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Condition {
  /** A ConditionExpression. The names of its values must not begin with `:set_`, `:add_` or `:write`. */
  readonly when: string;
  readonly values?: Readonly<Record<string, unknown>> | undefined;
}

export interface ConditionalWrites {
  put(row: Key & Readonly<Record<string, unknown>>, condition: Condition): Promise<boolean>;
  update(key: Key, change: Partial<AttributeChanges>, condition: Condition): Promise<boolean>;
  /**
   * Adds to attributes, whatever they hold. It adds twice if an answer is lost and another write precedes the SDK's
   * retry.
   * @param signal aborts the attempts with an error.
   */
  add(key: Key, change: Partial<AttributeChanges>, signal: AbortSignal): Promise<void>;
  delete(key: Key, condition: Condition): Promise<boolean>;
}

/**
 * Conditional writes that return whether they were made. If an answer is lost, the SDK sends the write again. The
 * second attempt then finds the row of the first one, and its condition would fail. So each write stores an id of its
 * own in the row, and a row that holds this id counts as written. A deleted row holds no id: a delete whose answer was
 * lost returns false.
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

/** Only the schedule row of a tracked group has a phase. */
export const IS_TRACKED = 'attribute_exists(phase)';
export const IS_NOT_TRACKED = 'attribute_not_exists(phase)';
type Read = 'due' | 'publishing' | 'erased_at' | 'asked';
/**
 * The condition that an attribute still has the value that was read.
 * @param value undefined if the attribute was missing.
 */
export const is = (name: Read, value: number | undefined): string =>
  value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`;
export const bound = (name: Read, value: number | undefined): Readonly<Record<string, number>> =>
  value === undefined ? {} : { [`:${name}`]: value };

export const NEW: Condition = { when: 'attribute_not_exists(pk)' };

/** The condition that the current row still has a revision. @param revision 0 if there was no row. */
export const atRevision = (revision: number): Condition =>
  revision === 0 ? NEW : { when: 'revision = :revision', values: { ':revision': revision } };

const orWritten = (when: string) => `(${when}) OR write_id = :write`;
export const UNLESS_WRITTEN = 'attribute_not_exists(write_id) OR write_id <> :write';
export const writeId = () => randomBytes(9).toString('base64url');

/** @returns whether the condition of a write held. @throws every other error of the write. */
export async function holds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
