import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import type { Schedule } from '../domain/ports.ts';
import type { Archived, Page, Snapshot } from '../domain/snapshot.ts';

/** The layout of the rows, written into each: later code reads what earlier code wrote. */
export const SCHEMA = 1;

/** The sparse index of the groups that are to be looked at: shard, then due time. */
export const DUE_INDEX = 'due';
const SHARDS = 8;
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, i) => String(i));
/** Spreads the index's writes over partitions. */
export const shardOf = (resultId: string): string =>
  String(createHash('sha256').update(resultId).digest().readUInt8(0) % SHARDS);

/** Partition keys of the two rows that the functions share which call AnyCheck. */
export const SESSION = 'anycheck#session';
export const BUDGET = 'anycheck#budget';
const GROUP = 'group#';
export const groupKey = (resultId: string): string => `${GROUP}${resultId}`;
export const resultIdOf = (pk: string): string => pk.slice(GROUP.length);

/** Both rows of a plain read begin alike and are read in one request; the current row comes first. */
export const HEAD = 'head#';
export const CURRENT = `${HEAD}current`;
export const SCHEDULE = `${HEAD}schedule`;
const digits = (n: number) => String(n).padStart(10, '0');
export const historySk = (version: number): string => `history#${digits(version)}`;
/** The pages introduced up to a revision: from PAGES to this, in the order of keys. */
export const PAGES = 'page#';
export const lastPageSk = (revision: number): string => `${PAGES}${digits(revision)}$`;
/** `$` sorts after `#`. */
const pageSk = (page: Page, part: number) => `${PAGES}${digits(page.introduced)}#${page.hash}#${part}`;
export const pageSks = (page: Page): string[] => Array.from({ length: page.rows }, (_, part) => pageSk(page, part));

/** The revision that a page row was introduced by. */
export const introducedIn = (sk: string): number => Number(sk.split('#')[1]);

/** Whether a row is past its expiry, which DynamoDB deletes it after, days later sometimes. */
export const isGone = (row: { expires?: number | undefined }, now: number): boolean =>
  (row.expires ?? Number.POSITIVE_INFINITY) <= Math.floor(now / 1000);

const base = { pk: z.string(), sk: z.string(), v: z.literal(SCHEMA) };

export const ScheduleRow = z.object({
  ...base,
  first_seen: z.number(),
  due: z.number().optional(),
  lease_until: z.number().optional(),
  last_attempt: z.number().optional(),
  confirmed_at: z.number().optional(),
  confirmed_version: z.number().optional(),
  phase: z.enum(['active', 'waiting', 'settled']).optional(),
  failures: z.number().default(0),
  last_error: z.string().optional(),
  publishing: z.number().optional(),
  suspect: z.number().optional(),
  forced_at: z.number().optional(),
  page_size: z.number().optional(),
  /** The latest time at which somebody asked for a look during another one, and the due time that was queued for the first. */
  asked: z.number().optional(),
  asked_due: z.number().optional(),
});

export const scheduleOf = (row: z.output<typeof ScheduleRow>): Schedule => ({
  firstSeen: row.first_seen,
  due: row.due,
  leaseUntil: row.lease_until,
  lastAttempt: row.last_attempt,
  confirmedAt: row.confirmed_at,
  confirmedVersion: row.confirmed_version,
  phase: row.phase,
  failures: row.failures,
  lastError: row.last_error,
  publishing: row.publishing,
  suspect: row.suspect,
  forcedAt: row.forced_at,
  pageSize: row.page_size,
});

/** A current row that holds nothing yet: it only fences a first publish that died. */
const Placeholder = z.object({ ...base, version: z.literal(0), revision: z.number() });

const bytes = z.instanceof(Uint8Array);
const Content = z.object({
  ...base,
  version: z.number().min(1),
  revision: z.number(),
  since: z.number(),
  published_at: z.number(),
  fetched_at: z.number(),
  revised_at: z.number(),
  total: z.string(),
  overall_status: z.string(),
  phase: z.enum(['active', 'waiting', 'settled']),
  had_items: z.boolean(),
  content: z.string(),
  bytes: z.string(),
  items: bytes.optional(),
  pages: bytes.optional(),
});
export const CurrentRow = z.union([Content, Placeholder]);
export const HistoryRow = Content.extend({ confirmed_until: z.number(), expires: z.number() });
export const PageRow = z.object({ ...base, data: bytes, expires: z.number().optional() });

const Directory = z.array(z.tuple([z.number(), z.string(), z.number(), z.number()]));

const packPages = (pages: readonly Page[]): Uint8Array =>
  zstdCompressSync(JSON.stringify(pages.map(({ introduced, hash, count, rows }) => [introduced, hash, count, rows])));

const unpackPages = (packed: Uint8Array): Page[] =>
  Directory.parse(JSON.parse(zstdDecompressSync(packed).toString())).map(([introduced, hash, count, rows]) => ({
    introduced,
    hash,
    count,
    rows,
  }));

export const snapshotOf = (row: z.output<typeof CurrentRow>): Snapshot | undefined =>
  row.version === 0 || !('content' in row)
    ? undefined
    : {
        version: row.version,
        revision: row.revision,
        since: row.since,
        publishedAt: row.published_at,
        fetchedAt: row.fetched_at,
        revisedAt: row.revised_at,
        totalText: row.total,
        overallStatusText: row.overall_status,
        phase: row.phase,
        hadItems: row.had_items,
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
  fetched_at: snapshot.fetchedAt,
  revised_at: snapshot.revisedAt,
  total: snapshot.totalText,
  overall_status: snapshot.overallStatusText,
  phase: snapshot.phase,
  had_items: snapshot.hadItems,
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

export const placeholderRow = (resultId: string, revision: number) => ({
  pk: groupKey(resultId),
  sk: CURRENT,
  v: SCHEMA,
  version: 0,
  revision,
});

export const scheduleRow = (resultId: string, at: { firstSeen: number; due: number; leaseUntil: number }) => ({
  pk: groupKey(resultId),
  sk: SCHEDULE,
  v: SCHEMA,
  due_shard: shardOf(resultId),
  first_seen: at.firstSeen,
  due: at.due,
  lease_until: at.leaseUntil,
  failures: 0,
});

export const pageRow = (resultId: string, sk: string, data: Uint8Array) => ({
  pk: groupKey(resultId),
  sk,
  v: SCHEMA,
  data,
});
