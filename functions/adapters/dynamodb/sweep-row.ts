import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { SCHEMA, SWEEP } from './layout/keys.ts';

const KEY = { pk: SWEEP, sk: 'head#sweep' };
const Row = z.object({ ended_at: z.number() });

/** The row that every successful sweep writes, for one write unit a sweep. */
export interface SweepRow {
  /**
   * The end of the last successful sweep, ms since the epoch; undefined before the first. Eventually consistent: half a
   * read unit.
   */
  lastEnd(): Promise<number | undefined>;
  /** Records a successful sweep. @param at its end, ms since the epoch. */
  ended(at: number): Promise<void>;
}

export const sweepRow = (client: DynamoDBDocumentClient, table: string): SweepRow => ({
  async lastEnd() {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: KEY }));
    return Item && Row.parse(Item).ended_at;
  },
  async ended(at) {
    await client.send(new PutCommand({ TableName: table, Item: { ...KEY, v: SCHEMA, ended_at: at } }));
  },
});
