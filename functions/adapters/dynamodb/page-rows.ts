import { PutCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { Room } from '../../domain/group/pages.ts';
import type { Page } from '../../domain/group/snapshot.ts';
import { MissingPageError } from '../../domain/store/missing-page.ts';
import type { Publications } from '../../domain/store/ports.ts';
import {
  binary,
  expiryAfter,
  groupKey,
  introducedIn,
  isGone,
  lastPageSk,
  PAGES,
  pageSks,
  rowBase,
  SCHEMA,
} from './layout/keys.ts';
import { batchGet } from './requests/batch-get.ts';
import { batchesOf, eachOf, shareOf } from './requests/batches.ts';
import type { ConditionalWrites } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

const PageRow = z.object({ ...rowBase, data: binary, expires: z.optional(z.number()) });
export const pageRow = (resultId: string, sk: string, data: Uint8Array) => ({
  pk: groupKey(resultId),
  sk,
  v: SCHEMA,
  data,
});

/** A DynamoDB item ends at 400 KB, its keys and attributes included; the current row is read as often as a group is. */
export const ROOM: Room = { inlineBytes: 8 * 1024, rowBytes: 380 * 1024 };

/** Packed bytes in as many parts as there are rows for them. */
export const cut = (packed: Uint8Array, rows: number): Uint8Array[] =>
  Array.from({ length: rows }, (_, i) => packed.subarray(i * ROOM.rowBytes, (i + 1) * ROOM.rowBytes));

/** Days that pages outlive the history row that names them, so that a reader who holds it still finds them. */
const OUTLIVE_HISTORY = 7;
/** Days that pages stay which no history row can name, for readers who hold the current row that did. */
const OUTLIVE_CURRENT = 1;
/** Rows expired at once: an update counts as the whole row does, and these may be full. */
const EXPIRED_AT_ONCE = 4;

/** Packed bytes of each page, in order. @throws MissingPageError for one that is not stored, or past its expiry. */
export async function readPages(
  { client, table, now }: Place & { readonly now: () => number },
  resultId: string,
  pages: readonly Page[],
): Promise<Uint8Array[]> {
  const rows = new Map<string, Uint8Array>();
  const keys = pages.flatMap(pageSks).map((sk) => ({ pk: groupKey(resultId), sk }));
  for (const item of await batchGet(client, table, keys)) {
    const row = PageRow.parse(item);
    if (!isGone(row, now())) rows.set(row.sk, row.data);
  }
  return pages.map((page) =>
    Buffer.concat(
      pageSks(page).map((sk) => {
        const data = rows.get(sk);
        if (!data) throw new MissingPageError(sk);
        return data;
      }),
    ),
  );
}

interface PageWritesOptions extends Place {
  readonly writes: ConditionalWrites;
  readonly retentionDays: number;
}

type PageWrites = Pick<Publications, 'putPages' | 'expirePages' | 'expireOthers'>;

/** The rows that hold the items of larger groups: written once, never changed but for their expiry. */
export function pageWrites({ client, writes, table, retentionDays }: PageWritesOptions): PageWrites {
  async function expire(resultId: string, sks: readonly string[], since: number, from: number): Promise<void> {
    await eachOf(
      batchesOf(sks, () => shareOf(EXPIRED_AT_ONCE)),
      (sk) => {
        const days = introducedIn(sk) >= since ? OUTLIVE_CURRENT : retentionDays + OUTLIVE_HISTORY;
        return writes.update(
          { pk: groupKey(resultId), sk },
          { set: { expires: expiryAfter(from, days) } },
          { when: 'attribute_exists(pk) AND attribute_not_exists(expires)' },
        );
      },
    );
  }

  return {
    async putPages(resultId, pages) {
      const rows = pages.flatMap((page) =>
        cut(page.packed, page.rows).map((part, i) => pageRow(resultId, pageSks(page)[i] ?? '', part)),
      );
      await eachOf(
        batchesOf(rows, (row) => row.data.length),
        (Item) => client.send(new PutCommand({ TableName: table, Item })),
      );
    },

    expirePages: (resultId, pages, since, from) => expire(resultId, pages.flatMap(pageSks), since, from),

    async expireOthers(resultId, kept, { revision, since, now: from }) {
      const named = new Set(kept.flatMap(pageSks));
      const unexpired = {
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
        FilterExpression: 'attribute_not_exists(expires)',
        ProjectionExpression: 'sk',
        ExpressionAttributeValues: { ':pk': groupKey(resultId), ':first': PAGES, ':last': lastPageSk(revision) },
      };
      for await (const { Items = [] } of paginateQuery({ client }, unexpired)) {
        const others = Items.map((item) => String(item.sk)).filter((sk) => !named.has(sk));
        await expire(resultId, others, since, from);
      }
    },
  };
}
