import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { sortableTime } from '../../../domain/group/position.ts';
import type { Page } from '../../../domain/group/snapshot.ts';

/** The schema version of the rows. Each row holds it, because later code reads rows that earlier code wrote. */
export const SCHEMA = 1;

/** The sparse index of the groups that have a due time. Its keys are the shard and the due time. */
export const DUE_INDEX = 'due';
const SHARDS = 8;
export const shards: readonly string[] = Array.from({ length: SHARDS }, (_, i) => String(i));
/**
 * The shard of groups that are due without an AnyCheck call: erased groups that are cleaned, and groups that are only
 * announced. They use none of the budget.
 */
export const WITHOUT_CALLS = 'cleaning';
/** The index of tracked groups. Its keys are the phase and the position by last change. */
export const GROUPS_INDEX = 'groups';
/** The sparse index of tracked groups that fail. Its keys are the phase and the position by the begin of the failures. */
export const FAILING_INDEX = 'failing';
/** The shard of a group. Shards spread the index's writes over partitions. */
export const shardOf = (resultId: string): string =>
  String(createHash('sha256').update(resultId).digest().readUInt8(0) % SHARDS);

/** Partition keys of the two rows that all functions that call AnyCheck share. */
export const SESSION = 'anycheck#session';
export const BUDGET = 'anycheck#budget';
/** Partition key of the row that the sweep writes. */
export const SWEEP = 'service#sweep';
/** Partition key of the row that says whether the event bus works. */
export const BUS = 'service#bus';
/** Partition key of the rows of webhook endpoints, and that of an endpoint's state and deliveries. */
export const WEBHOOK_ENDPOINTS = 'webhook#endpoints';
const WEBHOOK = 'webhook#';
export const webhookKey = (endpointId: string): string => `${WEBHOOK}${endpointId}`;
export const endpointIdOf = (pk: string): string => pk.slice(WEBHOOK.length);
export const ENDPOINTS = 'endpoint#';
/** The sort key of an endpoint's state. */
export const ENDPOINT_STATE = 'state';
export const DELIVERIES = 'delivery#';
export const deliveryKey = (endpointId: string, deliveryId: string) => ({
  pk: webhookKey(endpointId),
  sk: `${DELIVERIES}${deliveryId}`,
});
export const deliveryIdOf = (sk: string): string => sk.slice(DELIVERIES.length);
/** The shards of the due index that hold deliveries, and the one of endpoints whose upkeep is due. */
const DELIVERY_SHARDS = 2;
export const deliveryShards: readonly string[] = Array.from({ length: DELIVERY_SHARDS }, (_, i) => `deliveries#${i}`);
export const WEBHOOKS_SHARD = 'webhook-endpoints';
export const deliveryShardOf = (deliveryId: string): string =>
  `deliveries#${Number(shardOf(deliveryId)) % DELIVERY_SHARDS}`;
/** The shard of an endpoint's parked deliveries. The sweep does not read it. */
export const parkedShardOf = (endpointId: string): string => `parked#${endpointId}`;
/**
 * Partition key of the rows of API keys, and that of the days of their last use. The functions that check keys write only
 * the second one, so none of them can make a key.
 */
export const API_KEYS = 'api-keys';
export const API_KEY_USES = 'api-key-uses';
/** Partition key of a row that counts a caller's use of a quota. */
export const quotaKey = (of: string): string => `caller#${of}`;
export const QUOTA = 'quota';
const GROUP = 'group#';
export const groupKey = (resultId: string): string => `${GROUP}${resultId}`;
export const resultIdOf = (pk: string): string => pk.slice(GROUP.length);

/** The prefix of the two rows that every read needs. One query reads both, the current row first. */
export const HEAD = 'head#';
export const CURRENT = `${HEAD}current`;
export const SCHEDULE = `${HEAD}schedule`;
const digits = (n: number) => String(n).padStart(10, '0');
export const HISTORY = 'history#';
export const historySk = (version: number): string => `${HISTORY}${digits(version)}`;
export const CHANGES = 'change#';
/**
 * Change records sort by the time of their publish, which is also the order of versions.
 * @param at ms since the epoch.
 */
export const changeSk = (at: number): string => `${CHANGES}${sortableTime(at)}`;
/** The keys of a group's two head rows. */
export const currentKey = (resultId: string) => ({ pk: groupKey(resultId), sk: CURRENT });
export const scheduleKey = (resultId: string) => ({ pk: groupKey(resultId), sk: SCHEDULE });
export const EVENTS = 'event#';
/** Days for which event records stay: longer than the bus and its subscribers retry. */
export const EVENT_DAYS = 33;
export const eventSk = (id: string): string => `${EVENTS}${id}`;
export const PAGES = 'page#';
/**
 * The upper bound of the pages that were introduced up to a revision; PAGES is the lower bound. `$` sorts after `#`.
 */
export const lastPageSk = (revision: number): string => `${PAGES}${digits(revision)}$`;
const pageSk = (page: Page, part: number) => `${PAGES}${digits(page.introduced)}#${page.hash}#${part}`;
export const pageSks = (page: Page): string[] => Array.from({ length: page.rows }, (_, part) => pageSk(page, part));

/** Splits the sort key of a page row into the name of its page and the number of its part. */
export function pageRowOf(sk: string): { page: string; part: number } {
  const at = sk.lastIndexOf('#');
  return { page: sk.slice(0, at), part: Number(sk.slice(at + 1)) };
}

/** The revision that introduced a page row. */
export const introducedIn = (sk: string): number => Number(sk.split('#')[1]);

const DAY_SECONDS = 86_400;
/** @param from ms since the epoch. @returns seconds since the epoch, as DynamoDB's TTL takes them. */
export const expiryAfter = (from: number, days: number): number => Math.floor(from / 1000) + days * DAY_SECONDS;

/**
 * Whether a row is past its expiry. DynamoDB deletes such rows late, sometimes by days.
 * @param now ms since the epoch.
 */
export const isGone = (row: { expires?: number | undefined }, now: number): boolean =>
  (row.expires ?? Number.POSITIVE_INFINITY) <= Math.floor(now / 1000);

/** The attributes of every row: its key, and the schema version of the code that wrote it. */
export const rowBase = { pk: z.string(), sk: z.string(), v: z.literal(SCHEMA) };
/** A binary attribute. */
export const binary = z.instanceof(Uint8Array);
