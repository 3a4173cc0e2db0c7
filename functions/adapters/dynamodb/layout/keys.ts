import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { sortableTime } from '../../../domain/group/position.ts';
import type { Page } from '../../../domain/group/snapshot.ts';

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
export const QUOTA = 'quota';
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
/** The keys of a group's two head rows. */
export const currentKey = (resultId: string) => ({ pk: groupKey(resultId), sk: CURRENT });
export const scheduleKey = (resultId: string) => ({ pk: groupKey(resultId), sk: SCHEDULE });
/** The end of the sort keys that begin alike: `$` sorts after `#`. */
export const endOf = (prefix: string): string => prefix.replace(/#$/, '$');
/** The pages introduced up to a revision: from PAGES to this, in the order of keys. */
export const PAGES = 'page#';
export const lastPageSk = (revision: number): string => `${PAGES}${digits(revision)}$`;
/** `$` sorts after `#`. */
const pageSk = (page: Page, part: number) => `${PAGES}${digits(page.introduced)}#${page.hash}#${part}`;
export const pageSks = (page: Page): string[] => Array.from({ length: page.rows }, (_, part) => pageSk(page, part));

/** The page that a row is a part of, and which part. */
export function pageRowOf(sk: string): { page: string; part: number } {
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

/** What every row has: its key, and the schema version of the build that wrote it. */
export const rowBase = { pk: z.string(), sk: z.string(), v: z.literal(SCHEMA) };
/** A binary attribute. */
export const binary = z.instanceof(Uint8Array);
