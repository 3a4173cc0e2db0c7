import * as z from 'zod/mini';
import { PHASES, type Phase } from '../../../domain/group/phase.ts';
import { positionOf, timeOf } from '../../../domain/group/position.ts';
import type { Schedule, Tracked } from '../../../domain/group/schedule.ts';
import type { StatusCount, Summary } from '../../../domain/group/summary.ts';
import { groupKey, rowBase, SCHEDULE, SCHEMA, shardOf, WITHOUT_CALLS } from './keys.ts';

const common = {
  ...rowBase,
  first_seen: z.number(),
  due: z.optional(z.number()),
  due_shard: z.optional(z.string()),
  refresh_due: z.optional(z.nullable(z.number())),
  announced_until: z.optional(z.number()),
  erasure_unannounced: z._default(z.boolean(), false),
  redaction_unannounced: z.optional(z.number()),
  lease_until: z.optional(z.number()),
  last_attempt: z.optional(z.number()),
  failures: z._default(z.number(), 0),
  last_error: z.optional(z.string()),
  publishing: z.optional(z.number()),
  suspect: z.optional(z.number()),
  /**
   * The time of the latest refresh request that is not consumed yet, and the latest due time that was set for at once.
   */
  asked: z.optional(z.number()),
  asked_due: z.optional(z.number()),
  erased_at: z.optional(z.number()),
  erased_version: z._default(z.number(), 0),
  erased_revision: z._default(z.number(), 0),
  redacted_at: z.optional(z.number()),
  clean_until: z.optional(z.number()),
};

export const StatusCounts = z.array(z.tuple([z.string(), z.number()]));
/** Writes status counts as text: as keys of a map, some statuses fail the write. */
export const statusCountsText = (counts: readonly StatusCount[]): string => JSON.stringify(counts);

/** Only a tracked group's record has a phase. The phase also puts the record into the index of groups. */
const TrackedRow = z.object({
  ...common,
  confirmed_at: z.optional(z.number()),
  confirmed_version: z.optional(z.number()),
  phase: z.enum(PHASES),
  listed: z.string(),
  wanted: z._default(z.boolean(), false),
  total: z.optional(z.number()),
  overall_status: z.optional(z.nullable(z.string())),
  status_counts: z.optional(z.string()),
  /** The counts as earlier code wrote them: a map, which cannot hold every status as a key. */
  counts: z.optional(z.unknown()),
  failing_since: z.optional(z.number()),
  /** The position of a failing group in its index. Earlier code did not write it. */
  failing: z.optional(z.string()),
  forced_at: z.optional(z.number()),
  page_size: z.optional(z.number()),
  capped_at: z.optional(z.number()),
});

const TombstoneRow = z.object({
  ...common,
  phase: z.optional(z.undefined()),
  sealed: z._default(z.boolean(), false),
});

export const ScheduleRow = z.union([TrackedRow, TombstoneRow]);
export type ScheduleRow = z.output<typeof ScheduleRow>;

export const scheduleOf = (row: ScheduleRow): Schedule =>
  row.phase === undefined ? { kind: 'tombstone', ...recordOf(row), isFenced: row.sealed } : trackedOf(row);

const trackedOf = (row: z.output<typeof TrackedRow>): Tracked => ({
  kind: 'tracked',
  ...recordOf(row),
  confirmedAt: row.confirmed_at,
  confirmedVersion: row.confirmed_version,
  phase: row.phase,
  lastChange: timeOf(row.listed),
  isTrackedExplicitly: row.wanted,
  summary: summaryIn(row),
  failingSince: row.failing_since,
  forcedAt: row.forced_at,
  pageSize: row.page_size === undefined ? undefined : { items: row.page_size, cappedAt: row.capped_at },
});

function summaryIn(row: z.output<typeof TrackedRow>): Summary | undefined {
  const text = row.status_counts;
  const statusCounts = text === undefined ? earlierCounts(row.counts) : StatusCounts.parse(JSON.parse(text));
  return statusCounts && { total: row.total ?? 0, overallStatus: row.overall_status ?? null, statusCounts };
}

/** Returns the counts that earlier code wrote; undefined for none, and for a map that cannot be read. */
function earlierCounts(counts: unknown): [string, number][] | undefined {
  const { data } = StatusCounts.safeParse(counts && Object.entries(counts));
  return data;
}

const recordOf = (row: ScheduleRow) => ({
  firstSeen: row.first_seen,
  due: row.due,
  // Earlier code moves a due time, with its shard, and leaves this attribute.
  refreshDue: row.due_shard === WITHOUT_CALLS ? row.refresh_due : undefined,
  announcedUntil: row.announced_until,
  isErasureUnannounced: row.erasure_unannounced,
  unannouncedRedaction: row.redaction_unannounced,
  requestedAt: row.asked,
  expeditedDue: row.asked_due,
  leaseUntil: row.lease_until,
  lastAttempt: row.last_attempt,
  failures: row.failures,
  lastError: row.last_error,
  publishIntent: row.publishing,
  quarantinedDue: row.suspect,
  erasedVersion: row.erased_version,
  erasedRevision: row.erased_revision,
  erasedAt: row.erased_at,
  redactedAt: row.redacted_at,
  cleanUntil: row.clean_until,
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

/** The schedule row of a group that is erased or redacted while it has no schedule row. */
export const tombstoneRow = (resultId: string, now: number) => ({
  pk: groupKey(resultId),
  sk: SCHEDULE,
  v: SCHEMA,
  first_seen: now,
});
