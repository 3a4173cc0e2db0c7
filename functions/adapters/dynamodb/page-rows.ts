import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { NewPage, Room } from '../../domain/group/pages.ts';
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
import { range } from './requests/range.ts';

const PageRow = z.object({ ...rowBase, data: binary, expires: z.optional(z.number()) });
export const pageRow = (resultId: string, sk: string, data: Uint8Array) => ({
  pk: groupKey(resultId),
  sk,
  v: SCHEMA,
  data,
});

/**
 * DynamoDB limits an item to 400 KB, its keys and attribute names included. The current row stays much smaller, because
 * every read of a group reads it.
 */
export const ROOM: Room = { inlineBytes: 8 * 1024, rowBytes: 380 * 1024 };

/** Splits packed bytes into one part for each row. */
export const cut = (packed: Uint8Array, rows: number): Uint8Array[] =>
  Array.from({ length: rows }, (_, i) => packed.subarray(i * ROOM.rowBytes, (i + 1) * ROOM.rowBytes));

/**
 * Days that pages outlive the archive record that names them: a reader that holds the archive record still finds them.
 */
const OUTLIVE_ARCHIVE_DAYS = 7;
/**
 * Days that pages stay if no archive record can name them: a reader that holds the former current row still finds them.
 */
const OUTLIVE_CURRENT_DAYS = 1;
/**
 * Rows that are expired in parallel. DynamoDB counts an update by the size of the whole row, and these rows can be
 * full.
 */
const PARALLEL_EXPIRIES = 4;

/**
 * Reads pages.
 * @returns the packed bytes of each page, in order.
 * @throws MissingPageError if a page is not stored or has expired.
 */
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

/**
 * The condition to renew a row's links. A slow run whose publish lost must neither restore a deleted row nor replace the
 * newer links of its successor.
 */
const RENEWABLE =
  'attribute_exists(pk) AND attribute_not_exists(expires) AND (attribute_not_exists(renewed) OR renewed < :revision)';

interface PageWritesOptions extends Place {
  readonly writes: ConditionalWrites;
  readonly retentionDays: number;
}

type PageWrites = Pick<Publications, 'putPages' | 'renewPages' | 'expirePages' | 'expireOthers'>;

/** Writes the rows that hold the items of larger groups. After the first write, only their links and their expiry change. */
export function pageWrites({ client, writes, table, retentionDays }: PageWritesOptions): PageWrites {
  async function expire(resultId: string, sks: readonly string[], since: number, from: number): Promise<void> {
    await eachOf(
      batchesOf(sks, () => shareOf(PARALLEL_EXPIRIES)),
      (sk) => {
        const days = introducedIn(sk) >= since ? OUTLIVE_CURRENT_DAYS : retentionDays + OUTLIVE_ARCHIVE_DAYS;
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

    async renewPages(resultId, pages, revision) {
      const left = new Set<NewPage>();
      await eachOf(
        batchesOf(pages, (page) => page.packed.length),
        async (page) => {
          const key = { pk: groupKey(resultId), sk: pageSks(page)[0] ?? '' };
          const change = { set: { data: page.packed, renewed: revision } };
          const isRenewed = await writes.update(key, change, { when: RENEWABLE, values: { ':revision': revision } });
          if (!isRenewed) left.add(page);
        },
      );
      return pages.filter((page) => left.has(page));
    },

    expirePages: (resultId, pages, since, from) => expire(resultId, pages.flatMap(pageSks), since, from),

    async expireOthers(resultId, current, { revision, since, now: from }) {
      const named = new Set(current.flatMap(pageSks));
      const others: string[] = [];
      const pages = { pk: groupKey(resultId), first: PAGES, last: lastPageSk(revision) };
      const unexpired = { FilterExpression: 'attribute_not_exists(expires)', ProjectionExpression: 'sk' };
      for await (const row of range({ client, table }, pages, unexpired)) {
        const sk = String(row.sk);
        if (!named.has(sk)) others.push(sk);
      }
      await expire(resultId, others, since, from);
    },
  };
}
