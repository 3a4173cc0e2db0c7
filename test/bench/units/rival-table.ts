import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { batchGet } from '../../../functions/adapters/dynamodb/requests/batch-get.ts';
import { updateExpression } from '../../../functions/adapters/dynamodb/requests/update-expression.ts';
import { verificationIn } from '../../../functions/domain/group/change.ts';
import { type Item, itemOf } from '../../../functions/domain/group/group.ts';
import { nextRefreshDelay } from '../../../functions/domain/refresh/cadence.ts';

/** The code that the other layouts share: plain requests, and a comparison by content without the links. */

export type Row = Record<string, unknown>;
export interface RivalTable {
  get(sk: string): Promise<Row | undefined>;
  /** All rows of the range, one MB a request. */
  query(from: string, to: string, enough?: (rows: readonly Row[]) => number): Promise<Row[]>;
  some(sks: readonly string[]): Promise<Row[]>;
  put(sk: string, row: Row): Promise<void>;
  /** 25 rows a request. */
  putAll(rows: readonly (Row & { readonly sk: string })[]): Promise<void>;
  update(sk: string, set: Row): Promise<void>;
}

/** BatchWriteItem takes as many rows. */
const MAX_ROWS = 25;
const EXPIRES = 1_900_000_000;

export function rivalTable(client: DynamoDBDocumentClient, table: string, pk: string): RivalTable {
  return {
    async get(sk) {
      const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk, sk }, ConsistentRead: true }));
      return Item;
    },
    async query(from, to, missing) {
      const rows: Row[] = [];
      let after: Row | undefined;
      do {
        const limit = missing?.(rows);
        if (limit !== undefined && limit <= 0) break;
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
            ExclusiveStartKey: after,
            ...(limit !== undefined && { Limit: limit }),
          }),
        );
        rows.push(...Items);
        after = LastEvaluatedKey;
      } while (after);
      return rows;
    },
    async some(sks) {
      const found = await batchGet(
        client,
        table,
        sks.map((sk) => ({ pk, sk })),
      );
      return found.toSorted((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1));
    },
    async put(sk, row) {
      await client.send(new PutCommand({ TableName: table, Item: { pk, sk, ...row } }));
    },
    async putAll(rows) {
      for (let i = 0; i < rows.length; i += MAX_ROWS) {
        const requests = rows.slice(i, i + MAX_ROWS).map((row) => ({ PutRequest: { Item: { pk, ...row } } }));
        const { UnprocessedItems = {} } = await client.send(
          new BatchWriteCommand({ RequestItems: { [table]: requests } }),
        );
        if (Object.keys(UnprocessedItems).length > 0) throw new Error('the local engine refuses no rows');
      }
    },
    async update(sk, set) {
      const { UpdateExpression, names, values } = updateExpression({ set });
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk, sk },
          UpdateExpression,
          ExpressionAttributeNames: names,
          ExpressionAttributeValues: values,
        }),
      );
    },
  };
}

const items = (texts: readonly string[]): Item[] => texts.map((text) => itemOf(verificationIn(text)));
/** 64 bits are enough to tell a group's own parts apart. */
export const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join()).digest('base64url').slice(0, 11);
const contentOf = (all: readonly Item[]): string => digest(all.map(({ hash }) => hash));

export const packed = (text: string): Buffer => zstdCompressSync(text);
export const unpacked = (bytes: unknown): string =>
  zstdDecompressSync(z.instanceof(Uint8Array).parse(bytes)).toString();
export const textIn = (row: Row): string => (typeof row.text === 'string' ? row.text : unpacked(row.data));

/** The attribute of a body: plain JSON, or packed. */
export const bodyOf = (text: string, packs: boolean): Row => (packs ? { data: packed(text) } : { text });
export const joined = (texts: readonly string[]): string => texts.join('\n');
export const split = (text: string): string[] => (text === '' ? [] : text.split('\n'));

/** The start of a refresh: the fetch, the stored record of the one before, and whether the fetch is another version. */
export async function compared(table: RivalTable, texts: readonly string[]) {
  const fetched = items(texts);
  const hash = contentOf(fetched);
  const meta = await table.get('head#meta');
  const isNew = meta?.hash !== hash;
  return { fetched, hash, meta, isNew, version: Number(meta?.version ?? 0) + (isNew ? 1 : 0) };
}

/** When a superseded row goes. */
export const expiry = { expires: EXPIRES };

/** The attributes of a group's due time, in the sparse index of due groups. */
export const dueIn = (now: number): Row => ({
  due: now + (nextRefreshDelay('active', 60_000, 0.5) ?? 0),
  due_shard: '1',
});

/** What a version changed, for its history: whose status, from what to what. */
export function changeRow(
  version: number,
  before: ReadonlyMap<string, string | null>,
  after: readonly Item[],
  all: number,
): Row {
  const transitions = after.flatMap(({ id, status }) => {
    const was = before.get(id);
    return was === undefined || was === status ? [] : [[id, was, status]];
  });
  return {
    version,
    total: all,
    published_at: 1_800_000_000_000 + version,
    ...(transitions.length > 0 && { data: packed(JSON.stringify(transitions)) }),
  };
}
