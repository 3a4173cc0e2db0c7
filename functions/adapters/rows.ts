import { createHash } from 'node:crypto';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Change } from '../domain/change.ts';
import { PHASES, type Phase } from '../domain/phase.ts';
import type { Recorded, Schedule } from '../domain/ports.ts';
import { positionOf, sortableTime, timeOf } from '../domain/position.ts';
import type { Archived, Page, Snapshot } from '../domain/snapshot.ts';

/** The layout of the rows, written into each: later code reads what earlier code wrote. */
export const SCHEMA = 1;

/** The sparse index of the groups that are to be looked at: shard, then due time. */
export const DUE_INDEX = 'due';
const SHARDS = 8;
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, i) => String(i));
/** The shard of those that are only to be cleaned, which needs nothing of AnyCheck's budget. */
export const CLEANING = 'cleaning';
/** The index of the groups that are followed: phase, then last change. */
export const GROUPS_INDEX = 'groups';
/** Spreads the index's writes over partitions. */
export const shardOf = (resultId: string): string =>
  String(createHash('sha256').update(resultId).digest().readUInt8(0) % SHARDS);

/** Partition keys of the two rows that the functions share which call AnyCheck. */
export const SESSION = 'anycheck#session';
export const BUDGET = 'anycheck#budget';
/** And of the one that the sweep writes. */
export const SWEEP = 'service#sweep';
/** The rows that count what callers used of their quotas. */
export const quotaKey = (of: string): string => `caller#${of}`;
/** The sort key keeps its name: earlier deployments wrote it. */
export const QUOTA = 'allowance';
const GROUP = 'group#';
export const groupKey = (resultId: string): string => `${GROUP}${resultId}`;
export const resultIdOf = (pk: string): string => pk.slice(GROUP.length);

/** Both rows of a plain read begin alike and are read in one request; the current row comes first. */
export const HEAD = 'head#';
export const CURRENT = `${HEAD}current`;
export const SCHEDULE = `${HEAD}schedule`;
const digits = (n: number) => String(n).padStart(10, '0');
export const HISTORY = 'history#';
export const historySk = (version: number): string => `${HISTORY}${digits(version)}`;
/** In the order of versions, which is that of their times. @param at ms since the epoch. */
export const CHANGES = 'change#';
export const changeSk = (at: number): string => `${CHANGES}${sortableTime(at)}`;
/** The end of the sort keys that begin alike: `$` sorts after `#`. */
export const endOf = (prefix: string): string => prefix.replace(/#$/, '$');
/** The pages introduced up to a revision: from PAGES to this, in the order of keys. */
export const PAGES = 'page#';
export const lastPageSk = (revision: number): string => `${PAGES}${digits(revision)}$`;
/** `$` sorts after `#`. */
const pageSk = (page: Page, part: number) => `${PAGES}${digits(page.introduced)}#${page.hash}#${part}`;
export const pageSks = (page: Page): string[] => Array.from({ length: page.rows }, (_, part) => pageSk(page, part));

/** The page that a row is a part of, and which part. */
export function pageOf(sk: string): { page: string; part: number } {
  const at = sk.lastIndexOf('#');
  return { page: sk.slice(0, at), part: Number(sk.slice(at + 1)) };
}

/** The revision that a page row was introduced by. */
export const introducedIn = (sk: string): number => Number(sk.split('#')[1]);

const DAY = 86_400;
/** Seconds since the epoch. @param from ms since the epoch. */
export const expiryAfter = (from: number, days: number): number => Math.floor(from / 1000) + days * DAY;

/** Whether a row is past its expiry, which DynamoDB deletes it after, days later sometimes. */
export const isGone = (row: { expires?: number | undefined }, now: number): boolean =>
  (row.expires ?? Number.POSITIVE_INFINITY) <= Math.floor(now / 1000);

const base = { pk: z.string(), sk: z.string(), v: z.literal(SCHEMA) };

export const ScheduleRow = z.object({
  ...base,
  first_seen: z.number(),
  due: z.optional(z.number()),
  lease_until: z.optional(z.number()),
  last_attempt: z.optional(z.number()),
  confirmed_at: z.optional(z.number()),
  confirmed_version: z.optional(z.number()),
  phase: z.optional(z.enum(PHASES)),
  listed: z.optional(z.string()),
  wanted: z._default(z.boolean(), false),
  total: z.optional(z.number()),
  overall_status: z.optional(z.nullable(z.string())),
  counts: z.optional(z.record(z.string(), z.number())),
  failures: z._default(z.number(), 0),
  last_error: z.optional(z.string()),
  failing_since: z.optional(z.number()),
  publishing: z.optional(z.number()),
  suspect: z.optional(z.number()),
  forced_at: z.optional(z.number()),
  page_size: z.optional(z.number()),
  /** The latest time at which somebody asked for a look during another one, and the due time that was queued for the first. */
  asked: z.optional(z.number()),
  asked_due: z.optional(z.number()),
  erased_at: z.optional(z.number()),
  erased_version: z._default(z.number(), 0),
  erased_revision: z._default(z.number(), 0),
  sealed: z._default(z.boolean(), false),
  redacted_at: z.optional(z.number()),
  clean_until: z.optional(z.number()),
});

export const scheduleOf = (row: z.output<typeof ScheduleRow>): Schedule => ({
  firstSeen: row.first_seen,
  due: row.due,
  leaseUntil: row.lease_until,
  lastAttempt: row.last_attempt,
  confirmedAt: row.confirmed_at,
  confirmedVersion: row.confirmed_version,
  phase: row.phase,
  lastChange: row.listed === undefined ? undefined : timeOf(row.listed),
  isWanted: row.wanted,
  standing: row.counts && {
    total: row.total ?? 0,
    overallStatus: row.overall_status ?? null,
    statusCounts: row.counts,
  },
  failures: row.failures,
  lastError: row.last_error,
  // An earlier deployment's good look leaves it.
  failingSince: row.failures > 0 ? row.failing_since : undefined,
  publishing: row.publishing,
  suspect: row.suspect,
  forcedAt: row.forced_at,
  pageSize: row.page_size,
  erasedVersion: row.erased_version,
  erasedRevision: row.erased_revision,
  erasedAt: row.erased_at,
  isSealed: row.sealed,
  redactedAt: row.redacted_at,
  cleanUntil: row.clean_until,
});

export const QuotaRow = z.object({ ...base, ids_taken: z.number() });

/** A current row that holds nothing: it fences publishes that died, or that began before an erasure, and counts the versions. */
const Placeholder = z.object({
  ...base,
  version: z.number(),
  revision: z.number(),
  published_at: z._default(z.number(), 0),
  // A row with content that can't be read is not one without: its versions would be lost.
  content: z.optional(z.undefined()),
});

const bytes = z.instanceof(Uint8Array);
const Content = z.object({
  ...base,
  version: z.number().check(z.minimum(1)),
  revision: z.number(),
  since: z.number(),
  published_at: z.number(),
  began: z.optional(z.number()),
  fetched_at: z.number(),
  revised_at: z.number(),
  total: z.string(),
  overall_status: z.string(),
  phase: z.enum(PHASES),
  had_items: z.boolean(),
  redacted: z._default(z.boolean(), false),
  content: z.string(),
  bytes: z.string(),
  items: z.optional(bytes),
  pages: z.optional(bytes),
});
export const CurrentRow = z.union([Content, Placeholder]);
export const HistoryRow = z.extend(Content, { confirmed_until: z.number(), expires: z.number() });
export const PageRow = z.object({ ...base, data: bytes, expires: z.optional(z.number()) });

export const ChangeRow = z.object({
  ...base,
  version: z.number(),
  published_at: z.number(),
  total: z.string(),
  overall_status: z.string(),
  phase: z.enum(PHASES),
  added: z.number(),
  removed: z.number(),
  changed: z.number(),
  transitions: z.optional(bytes),
  confirmed_until: z.optional(z.number()),
  superseded_at: z.optional(z.number()),
  expires: z.optional(z.number()),
});

const Transitions = z.array(z.tuple([z.string(), z.nullable(z.string()), z.nullable(z.string())]));

export const recordedOf = (row: z.output<typeof ChangeRow>): Recorded => ({
  version: row.version,
  publishedAt: row.published_at,
  totalText: row.total,
  overallStatusText: row.overall_status,
  phase: row.phase,
  added: row.added,
  removed: row.removed,
  changed: row.changed,
  transitions: row.transitions
    ? Transitions.parse(JSON.parse(zstdDecompressSync(row.transitions).toString())).map(
        ([verificationId, from, to]) => ({
          verificationId,
          from,
          to,
        }),
      )
    : [],
  confirmedUntil: row.confirmed_until,
  supersededAt: row.superseded_at,
  expires: row.expires,
});

/** As many as the largest group has that is promised; a row of 400 KB could take some more. */
const MOST_TRANSITIONS = 10_000;

export const changeRow = (resultId: string, snapshot: Snapshot, change: Change) => ({
  pk: groupKey(resultId),
  sk: changeSk(snapshot.publishedAt),
  v: SCHEMA,
  version: snapshot.version,
  published_at: snapshot.publishedAt,
  total: snapshot.totalText,
  overall_status: snapshot.overallStatusText,
  phase: snapshot.phase,
  added: change.added,
  removed: change.removed,
  changed: change.changed,
  ...(change.transitions.length > 0 && {
    transitions: zstdCompressSync(
      JSON.stringify(
        change.transitions.slice(0, MOST_TRANSITIONS).map(({ verificationId, from, to }) => [verificationId, from, to]),
      ),
    ),
  }),
});

const numbers = z.array(z.number());
/** By column, which packs to a page name's own bytes and little more; a row for each page is what earlier code wrote. */
const Directory = z.union([
  z.object({ introduced: numbers, hash: z.array(z.string()), count: numbers, rows: numbers }),
  z.array(z.tuple([z.number(), z.string(), z.number(), z.number()])),
]);

const packPages = (pages: readonly Page[]): Uint8Array =>
  zstdCompressSync(
    JSON.stringify({
      introduced: pages.map(({ introduced }) => introduced),
      hash: pages.map(({ hash }) => hash),
      count: pages.map(({ count }) => count),
      rows: pages.map(({ rows }) => rows),
    }),
  );

function unpackPages(packed: Uint8Array): Page[] {
  const directory = Directory.parse(JSON.parse(zstdDecompressSync(packed).toString()));
  if (Array.isArray(directory)) {
    return directory.map(([introduced, hash, count, rows]) => ({ introduced, hash, count, rows }));
  }
  const { introduced, count, rows } = directory;
  return directory.hash.map((hash, i) => ({
    introduced: introduced[i] ?? 0,
    hash,
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
        began: row.began ?? row.published_at,
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

export const scheduleRow = (resultId: string, at: { firstSeen: number; due: number; leaseUntil?: number }) => ({
  pk: groupKey(resultId),
  sk: SCHEDULE,
  v: SCHEMA,
  due_shard: shardOf(resultId),
  first_seen: at.firstSeen,
  due: at.due,
  lease_until: at.leaseUntil,
  phase: 'active' satisfies Phase,
  listed: positionOf(at.firstSeen, resultId),
  failures: 0,
});

/** The schedule row of a group that was erased, and that nobody had followed. */
export const buriedRow = (resultId: string, now: number) => ({
  pk: groupKey(resultId),
  sk: SCHEDULE,
  v: SCHEMA,
  first_seen: now,
});

export const pageRow = (resultId: string, sk: string, data: Uint8Array) => ({
  pk: groupKey(resultId),
  sk,
  v: SCHEMA,
  data,
});
