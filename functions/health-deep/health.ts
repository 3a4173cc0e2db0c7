import * as z from 'zod/mini';
import type { Budget } from '../domain/upstream/budget.ts';

const time = z.iso.datetime();
const status = z
  .enum(['ok', 'degraded', 'failing', 'unknown'])
  .check(z.meta({ description: 'Unknown: it could not be read, and the rest is null.' }));

/** How the service stands, part by part. Times as RFC 3339, in UTC. */
export const HealthReport = z.object({
  status: z.enum(['ok', 'degraded', 'failing']).check(
    z.meta({
      description:
        'Of the whole. Failing: nothing can be read, or nothing is refreshed until somebody acts. Degraded: some groups wait, AnyCheck ' +
        'is not asked for now, or a part is unknown.',
    }),
  ),
  table: z.object({
    status: z
      .enum(['ok', 'failing'])
      .check(z.meta({ description: 'Whether all that was read of it just now could be.' })),
  }),
  anycheck: z
    .object({
      status,
      circuit: z
        .nullable(z.enum(['closed', 'open']))
        .check(z.meta({ description: 'Open: one probe in 10 s, and no other call.' })),
      credentials_refused: z.nullable(z.boolean()),
      paused_until: z.nullable(time).check(z.meta({ description: 'AnyCheck asked not to be called before.' })),
      failures: z
        .nullable(z.int().check(z.minimum(0)))
        .check(z.meta({ description: 'In a row, since the last good answer.' })),
      failing_since: z.nullable(time).check(z.meta({ description: 'When the first of them was.' })),
    })
    .check(z.meta({ description: 'As the last calls found it; it is not called for this.' })),
  oldest_due: z.object({
    status,
    seconds_late: z
      .nullable(z.int().check(z.minimum(0)))
      .check(z.meta({ description: 'Since the oldest due group was due; 0 where none is.' })),
  }),
  dead_letters: z.object({ status, messages: z.nullable(z.int().check(z.minimum(0))) }),
  last_sweep: z.object({
    status,
    ended_at: z
      .nullable(time)
      .check(z.meta({ description: 'When the last that ended well did; null before the first.' })),
  }),
});
export type HealthReport = z.input<typeof HealthReport>;

/** What was read of a part; undefined where it could not be. */
export type PartReading<T> = { readonly value: T } | undefined;

export interface Readings {
  readonly budget: PartReading<Budget>;
  /** When the oldest due group was due; undefined where none is. This and all times: ms since the epoch. */
  readonly oldestDue: PartReading<number | undefined>;
  readonly deadLetters: PartReading<number>;
  /** When the last sweep ended that ended well; undefined before the first. */
  readonly lastSweep: PartReading<number | undefined>;
}

export interface Thresholds {
  /** Seconds that a due group may wait, and that may pass between two sweeps. */
  readonly lateSeconds: number;
  readonly unsweptSeconds: number;
}

export function healthReport(found: Readings, thresholds: Thresholds, now: number): HealthReport {
  const { budget, oldestDue, lastSweep } = found;
  const parts = {
    table: { status: budget && oldestDue && lastSweep ? ('ok' as const) : ('failing' as const) },
    anycheck: anycheck(budget, now),
    oldest_due: due(oldestDue, thresholds, now),
    dead_letters: deadLetters(found.deadLetters),
    last_sweep: sweep(lastSweep, thresholds, now),
  };
  const all = Object.values(parts).map((part) => part.status);
  const isWell = all.every((one) => one === 'ok');
  return { status: all.includes('failing') ? 'failing' : isWell ? 'ok' : 'degraded', ...parts };
}

/** The parts that are failing, by name. */
export const failingParts = ({ status: _, ...parts }: HealthReport): string[] =>
  Object.entries(parts).flatMap(([name, part]) => (part.status === 'failing' ? [name] : []));

const iso = (at: number) => new Date(at).toISOString();

function anycheck(budget: PartReading<Budget>, now: number): HealthReport['anycheck'] {
  if (!budget) {
    const nothing = {
      circuit: null,
      credentials_refused: null,
      paused_until: null,
      failures: null,
      failing_since: null,
    };
    return { status: 'unknown', ...nothing };
  }
  const { probeAt, refused, pausedUntil: heldUntil, failures, failingSince } = budget.value;
  const isOpen = probeAt !== undefined;
  const isPaused = heldUntil > now;
  return {
    status: refused !== undefined ? 'failing' : isOpen || isPaused ? 'degraded' : 'ok',
    circuit: isOpen ? 'open' : 'closed',
    credentials_refused: refused !== undefined,
    paused_until: isPaused ? iso(heldUntil) : null,
    failures,
    failing_since: failingSince > 0 ? iso(failingSince) : null,
  };
}

function due(
  oldest: PartReading<number | undefined>,
  { lateSeconds }: Thresholds,
  now: number,
): HealthReport['oldest_due'] {
  if (!oldest) return { status: 'unknown', seconds_late: null };
  const seconds = Math.max(0, Math.round((now - (oldest.value ?? now)) / 1000));
  return { status: seconds > lateSeconds ? 'degraded' : 'ok', seconds_late: seconds };
}

const deadLetters = (count: PartReading<number>): HealthReport['dead_letters'] =>
  count
    ? { status: count.value > 0 ? 'degraded' : 'ok', messages: count.value }
    : { status: 'unknown', messages: null };

function sweep(
  last: PartReading<number | undefined>,
  { unsweptSeconds }: Thresholds,
  now: number,
): HealthReport['last_sweep'] {
  if (!last) return { status: 'unknown', ended_at: null };
  // A stage that was deployed a moment ago has swept nothing yet.
  if (last.value === undefined) return { status: 'degraded', ended_at: null };
  return { status: now - last.value > unsweptSeconds * 1000 ? 'failing' : 'ok', ended_at: iso(last.value) };
}
