import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { BUS, SCHEMA } from './layout/keys.ts';

const KEY = { pk: BUS, sk: 'head#bus' };
const Row = z.object({ failed_at: z.optional(z.number()) });

/** The row that says whether the event bus works. */
export interface BusRow {
  /**
   * When the bus last failed, ms since the epoch; undefined where it did not, or works again. Eventually consistent:
   * half a read unit.
   */
  lastFailure(): Promise<number | undefined>;
  /** Records a failure. @param at ms since the epoch; undefined once the bus works again. */
  record(at: number | undefined): Promise<void>;
}

export const busRow = (client: DynamoDBDocumentClient, table: string): BusRow => ({
  async lastFailure() {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: KEY }));
    return Item && Row.parse(Item).failed_at;
  },
  async record(at) {
    const item = { ...KEY, v: SCHEMA, ...(at !== undefined && { failed_at: at }) };
    await client.send(new PutCommand({ TableName: table, Item: item }));
  },
});
