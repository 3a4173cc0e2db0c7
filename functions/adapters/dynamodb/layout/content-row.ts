import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod/mini';
import { PHASES } from '../../../domain/group/phase.ts';
import type { Archived, Page, Snapshot } from '../../../domain/group/snapshot.ts';
import { binary, CURRENT, groupKey, historySk, rowBase, SCHEMA } from './keys.ts';

/**
 * A current row without content. It fences publishes that died or began before an erasure, and keeps the version
 * counter.
 */
const Placeholder = z.object({
  ...rowBase,
  version: z.number(),
  revision: z.number(),
  published_at: z.number(),
  // A row with unreadable content must not parse as a placeholder: its versions would be lost.
  content: z.optional(z.undefined()),
});

const Content = z.object({
  ...rowBase,
  version: z.number().check(z.minimum(1)),
  revision: z.number(),
  since: z.number(),
  published_at: z.number(),
  began: z.number(),
  fetched_at: z.number(),
  revised_at: z.number(),
  total: z.string(),
  overall_status: z.string(),
  phase: z.enum(PHASES),
  had_items: z.boolean(),
  redacted: z.boolean(),
  content: z.string(),
  bytes: z.string(),
  items: z.optional(binary),
  pages: z.optional(binary),
});
export const CurrentRow = z.union([Content, Placeholder]);
export const HistoryRow = z.extend(Content, { confirmed_until: z.number(), expires: z.number() });
const numbers = z.array(z.number());
/** A snapshot's page directory, column by column: this compresses to little more than the bytes of the page names. */
const Directory = z.object({ introduced: numbers, hash: z.array(z.string()), count: numbers, rows: numbers });

/**
 * Each version writes its directory twice, as current and as archive record, and each read of the group reads it. A high
 * level makes it a tenth smaller, and takes 15 ms for 10,000 items.
 */
const DIRECTORY_PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 19 } };

const packPages = (pages: readonly Page[]): Uint8Array =>
  zstdCompressSync(
    JSON.stringify({
      introduced: pages.map(({ introduced }) => introduced),
      hash: pages.map(({ hash }) => hash),
      count: pages.map(({ count }) => count),
      rows: pages.map(({ rows }) => rows),
    }),
    DIRECTORY_PACKING,
  );

function unpackPages(packed: Uint8Array): Page[] {
  const { introduced, hash, count, rows } = Directory.parse(JSON.parse(zstdDecompressSync(packed).toString()));
  return hash.map((name, i) => ({
    introduced: introduced[i] ?? 0,
    hash: name,
    count: count[i] ?? 0,
    rows: rows[i] ?? 0,
  }));
}

export const snapshotOf = (row: z.output<typeof CurrentRow>): Snapshot | undefined =>
  row.content === undefined
    ? undefined
    : {
        version: row.version,
        revision: row.revision,
        since: row.since,
        publishedAt: row.published_at,
        began: row.began,
        fetchedAt: row.fetched_at,
        revisedAt: row.revised_at,
        totalText: row.total,
        overallStatusText: row.overall_status,
        phase: row.phase,
        hadItems: row.had_items,
        isRedacted: row.redacted,
        content: row.content,
        bytes: row.bytes,
        inline: row.items,
        pages: row.pages ? unpackPages(row.pages) : [],
      };

export function archivedOf(row: z.output<typeof HistoryRow>): Archived | undefined {
  const snapshot = snapshotOf(row);
  return snapshot && { ...snapshot, confirmedUntil: row.confirmed_until };
}

const contentRow = (resultId: string, sk: string, snapshot: Snapshot) => ({
  pk: groupKey(resultId),
  sk,
  v: SCHEMA,
  version: snapshot.version,
  revision: snapshot.revision,
  since: snapshot.since,
  published_at: snapshot.publishedAt,
  began: snapshot.began,
  fetched_at: snapshot.fetchedAt,
  revised_at: snapshot.revisedAt,
  total: snapshot.totalText,
  overall_status: snapshot.overallStatusText,
  phase: snapshot.phase,
  had_items: snapshot.hadItems,
  redacted: snapshot.isRedacted,
  content: snapshot.content,
  bytes: snapshot.bytes,
  ...(snapshot.inline ? { items: snapshot.inline } : { pages: packPages(snapshot.pages) }),
});

export const currentRow = (resultId: string, snapshot: Snapshot) => contentRow(resultId, CURRENT, snapshot);

export const historyRow = (resultId: string, archived: Archived, expires: number) => ({
  ...contentRow(resultId, historySk(archived.version), archived),
  confirmed_until: archived.confirmedUntil,
  expires,
});

export const placeholderRow = (
  resultId: string,
  { version, publishedAt }: { readonly version: number; readonly publishedAt: number },
  revision: number,
) => ({
  pk: groupKey(resultId),
  sk: CURRENT,
  v: SCHEMA,
  version,
  revision,
  published_at: publishedAt,
});
