import * as z from 'zod/mini';
import { MAX_BACKOFF_MS } from '../domain/refresh/cadence.ts';
import type { Budget } from '../domain/upstream/budget.ts';
import { REASONS, type UpstreamReason } from '../domain/upstream/errors.ts';

const time = z.iso.datetime();
const status = z
  .enum(['ok', 'degraded', 'failing', 'unknown'])
  .check(z.meta({ description: 'Unknown: the service could not read this part, so its other values are null.' }));

/** The health of the service, part by part. Times in RFC 3339, in UTC. */
export const HealthReport = z
  .object({
    status: z.enum(['ok', 'degraded', 'failing']).check(
      z.meta({
        description:
          'The status of the whole service. Failing: the service cannot read its table, or refreshes no group until an ' +
          'operator acts. Degraded: some groups wait, the service does not call AnyCheck at the moment, or a part is ' +
          'unknown.',
      }),
    ),
    table: z
      .object({
        status: z
          .enum(['ok', 'failing'])
          .check(z.meta({ description: 'Whether the service could read its table for this report.' })),
      })
      .check(z.meta({ id: 'TableHealth' })),
    anycheck: z
      .object({
        status,
        circuit: z
          .nullable(z.enum(['closed', 'open']))
          .check(z.meta({ description: 'Open: the service sends one probe in 10 s and no other call.' })),
        reason: z.nullable(z.enum(REASONS)).check(
          z.meta({
            description:
              'Why AnyCheck sends nothing usable: the reason of the last failed call. Null if the last call succeeded.',
          }),
        ),
        credentials_refused: z.nullable(z.boolean()),
        paused_until: z.nullable(time).check(
          z.meta({
            description: 'The end of a pause of all calls, because of AnyCheck’s rate limit or Retry-After.',
          }),
        ),
        failures: z
          .nullable(z.int().check(z.minimum(0)))
          .check(z.meta({ description: 'The failed calls in a row, since the last successful one.' })),
        failing_since: z.nullable(time).check(z.meta({ description: 'The time of the first of these failures.' })),
      })
      .check(
        z.meta({
          id: 'AnyCheckHealth',
          description: 'AnyCheck’s state as of the last calls. This report makes no call.',
        }),
      ),
    oldest_due: z
      .object({
        status,
        seconds_late: z
          .nullable(z.int().check(z.minimum(0)))
          .check(z.meta({ description: 'How late the oldest due group is; 0 if no group is due.' })),
      })
      .check(z.meta({ id: 'OldestDueHealth' })),
    announcements: z
      .object({
        status: status.check(
          z.meta({
            description:
              'Degraded: a group waits longer than the schedule explains, or the event bus fails. The service refreshes ' +
              'and serves groups all the same.',
          }),
        ),
        seconds_late: z.nullable(z.int().check(z.minimum(0))).check(
          z.meta({
            description:
              'How late the oldest group is that is due without a call to AnyCheck; 0 if none is. It is due to be ' +
              'announced, or to be cleaned after an erasure: the report cannot tell which. A group that the bus ' +
              'refused is due again later, and is not late until then.',
          }),
        ),
        bus_failed_at: z.nullable(time).check(
          z.meta({
            description:
              'When the event bus last refused an event or gave no answer; null if it did not, or works again. The status ' +
              'ignores a time from before the longest pause between two attempts, 20 minutes with sweep_minutes 1.',
          }),
        ),
      })
      .check(z.meta({ id: 'AnnouncementsHealth' })),
    dead_letters: z
      .object({ status, messages: z.nullable(z.int().check(z.minimum(0))) })
      .check(z.meta({ id: 'DeadLettersHealth' })),
    webhooks: z
      .object({
        status: status.check(
          z.meta({
            description:
              'Degraded: a delivery or an endpoint waits longer than the schedule explains, or a dead-letter queue of ' +
              'webhooks holds a message. A single endpoint that fails does not count.',
          }),
        ),
        seconds_late: z.nullable(z.int().check(z.minimum(0))).check(
          z.meta({
            description:
              'How late the oldest due delivery, or the oldest due check of an endpoint, is; 0 if none is due. A delivery ' +
              'that waits for its endpoint to work again is not due.',
          }),
        ),
        dead_letters: z
          .nullable(z.int().check(z.minimum(0)))
          .check(z.meta({ description: 'The messages in the three dead-letter queues of webhooks.' })),
      })
      .check(z.meta({ id: 'WebhooksHealth' })),
    last_sweep: z
      .object({
        status,
        ended_at: z
          .nullable(time)
          .check(z.meta({ description: 'The end of the last successful sweep; null before the first.' })),
      })
      .check(z.meta({ id: 'SweepHealth' })),
  })
  .check(z.meta({ id: 'HealthReport' }));
export type HealthReport = z.input<typeof HealthReport>;

/** A value that was read for one part of the report; undefined if the read failed. */
export type PartReading<T> = { readonly value: T } | undefined;

export interface Readings {
  readonly budget: PartReading<Budget>;
  /** The due time of the oldest due group; undefined if no group is due. All times in ms since the epoch. */
  readonly oldestDue: PartReading<number | undefined>;
  readonly announcements: PartReading<AnnouncementsRead>;
  readonly deadLetters: PartReading<number>;
  readonly webhooks: PartReading<WebhooksRead>;
  /** The end of the last successful sweep; undefined before the first. */
  readonly lastSweep: PartReading<number | undefined>;
}

export interface AnnouncementsRead {
  /** The due time of the oldest group that is due without a call to AnyCheck; undefined if none is. */
  readonly oldestDue: number | undefined;
  /** When the event bus last failed; undefined if it did not, or works again. */
  readonly busFailedAt: number | undefined;
}

export interface WebhooksRead {
  /** The due time of the oldest due delivery or endpoint; undefined if none is due. */
  readonly oldestDue: number | undefined;
  /** The messages in the dead-letter queues of webhooks. */
  readonly deadLetters: number;
}

export interface Thresholds {
  /** The longest wait of a due group or delivery, and the longest time between two sweeps. */
  readonly lateSeconds: number;
  readonly unsweptSeconds: number;
}

/** Judges what was read. A part that could not be read is `unknown`. @param now ms since the epoch. */
export function healthReport(readings: Readings, thresholds: Thresholds, now: number): HealthReport {
  const { budget, oldestDue, lastSweep } = readings;
  const isTableRead = budget && oldestDue && lastSweep && readings.announcements;
  const parts = {
    table: { status: isTableRead ? ('ok' as const) : ('failing' as const) },
    anycheck: anycheck(budget, now),
    oldest_due: due(oldestDue, thresholds, now),
    announcements: announcements(readings.announcements, thresholds, now),
    dead_letters: deadLetters(readings.deadLetters),
    webhooks: webhooks(readings.webhooks, thresholds, now),
    last_sweep: sweep(lastSweep, thresholds, now),
  };
  const all = Object.values(parts).map((part) => part.status);
  const isWell = all.every((one) => one === 'ok');
  return { status: all.includes('failing') ? 'failing' : isWell ? 'ok' : 'degraded', ...parts };
}

/** The names of the failing parts. */
export const failingParts = ({ status: _, ...parts }: HealthReport): string[] =>
  Object.entries(parts).flatMap(([name, part]) => (part.status === 'failing' ? [name] : []));

const iso = (at: number) => new Date(at).toISOString();

/** AnyCheck refuses the account. It ends when an operator acts, or with the month of the plan. */
const ACCOUNT_REASONS: ReadonlySet<UpstreamReason> = new Set(['REFUSED', 'QUOTA_EXCEEDED']);

function anycheck(budget: PartReading<Budget>, now: number): HealthReport['anycheck'] {
  if (!budget) {
    const nothing = {
      circuit: null,
      reason: null,
      credentials_refused: null,
      paused_until: null,
      failures: null,
      failing_since: null,
    };
    return { status: 'unknown', ...nothing };
  }
  const { probeAt, refused, pausedUntil, failures, failingSince, failingReason } = budget.value;
  const isOpen = probeAt !== undefined;
  const isPaused = pausedUntil > now;
  const needsOperator = refused !== undefined || (isOpen && failingReason && ACCOUNT_REASONS.has(failingReason));
  return {
    status: needsOperator ? 'failing' : isOpen || isPaused ? 'degraded' : 'ok',
    circuit: isOpen ? 'open' : 'closed',
    reason: refused === undefined ? (failingReason ?? (isPaused ? 'THROTTLED' : null)) : 'REFUSED',
    credentials_refused: refused !== undefined,
    paused_until: isPaused ? iso(pausedUntil) : null,
    failures,
    failing_since: failingSince > 0 ? iso(failingSince) : null,
  };
}

const secondsLate = (due: number | undefined, now: number) => Math.max(0, Math.round((now - (due ?? now)) / 1000));

function due(
  oldest: PartReading<number | undefined>,
  { lateSeconds }: Thresholds,
  now: number,
): HealthReport['oldest_due'] {
  if (!oldest) return { status: 'unknown', seconds_late: null };
  const seconds = secondsLate(oldest.value, now);
  return { status: seconds > lateSeconds ? 'degraded' : 'ok', seconds_late: seconds };
}

function announcements(
  read: PartReading<AnnouncementsRead>,
  { lateSeconds }: Thresholds,
  now: number,
): HealthReport['announcements'] {
  if (!read) return { status: 'unknown', seconds_late: null, bus_failed_at: null };
  const { oldestDue, busFailedAt } = read.value;
  const seconds = secondsLate(oldestDue, now);
  // While the bus fails, the next attempt comes within the backoff and the way to a refresh. Where none comes, no event
  // waits any more.
  const isFailing = busFailedAt !== undefined && now - busFailedAt < MAX_BACKOFF_MS + lateSeconds * 1000;
  return {
    status: seconds > lateSeconds || isFailing ? 'degraded' : 'ok',
    seconds_late: seconds,
    bus_failed_at: busFailedAt === undefined ? null : iso(busFailedAt),
  };
}

const deadLetters = (count: PartReading<number>): HealthReport['dead_letters'] =>
  count
    ? { status: count.value > 0 ? 'degraded' : 'ok', messages: count.value }
    : { status: 'unknown', messages: null };

function webhooks(read: PartReading<WebhooksRead>, { lateSeconds }: Thresholds, now: number): HealthReport['webhooks'] {
  if (!read) return { status: 'unknown', seconds_late: null, dead_letters: null };
  const { oldestDue, deadLetters: count } = read.value;
  const seconds = secondsLate(oldestDue, now);
  return { status: seconds > lateSeconds || count > 0 ? 'degraded' : 'ok', seconds_late: seconds, dead_letters: count };
}

function sweep(
  last: PartReading<number | undefined>,
  { unsweptSeconds }: Thresholds,
  now: number,
): HealthReport['last_sweep'] {
  if (!last) return { status: 'unknown', ended_at: null };
  // A stage that was just deployed has no sweep yet.
  if (last.value === undefined) return { status: 'degraded', ended_at: null };
  return { status: now - last.value > unsweptSeconds * 1000 ? 'failing' : 'ok', ended_at: iso(last.value) };
}
