import * as z from 'zod/mini';
import { type Budget, RETRY_CREDENTIALS_MS } from '../../../domain/upstream/budget.ts';
import { REASONS } from '../../../domain/upstream/errors.ts';

const Row = z.object({
  taken_reader: z._default(z.number(), 0),
  taken_worker: z._default(z.number(), 0),
  burst_at: z._default(z.number(), 0),
  limit_calls: z.optional(z.number()),
  limit_window: z._default(z.number(), 1),
  limit_reset: z.optional(z.number()),
  limit_since: z._default(z.number(), 0),
  slowdown: z._default(z.number(), 1),
  slowed_at: z._default(z.number(), 0),
  refusals: z._default(z.number(), 0),
  failures: z._default(z.number(), 0),
  failing_since: z._default(z.number(), 0),
  failing_groups: z._default(z.instanceof(Set), new Set()),
  failing_reason: z.optional(z.string()),
  /** Of earlier builds: the first group that failed, and 1 where others failed too. */
  failing_group: z.optional(z.string()),
  fails_others: z._default(z.number(), 0),
  held_until: z._default(z.number(), 0),
  probe_at: z.optional(z.number()),
  refused: z.optional(z.string()),
  refused_until: z._default(z.number(), 0),
  refused_for: z._default(z.number(), RETRY_CREDENTIALS_MS.login),
});

/** Stands for the further groups of a row that an earlier build wrote. */
const OTHERS = 'others';

/** Parses the budget row. @param item undefined if there is no row yet. */
export function budgetOf(item: unknown): Budget {
  const row = Row.parse(item ?? {});
  return {
    takenUntil: { reader: row.taken_reader, worker: row.taken_worker },
    burstAt: row.burst_at,
    limit:
      row.limit_calls === undefined
        ? undefined
        : { calls: row.limit_calls, window: row.limit_window, reset: row.limit_reset, since: row.limit_since },
    slowdown: row.slowdown,
    slowedAt: row.slowed_at,
    refusals: row.refusals,
    failures: row.failures,
    failingSince: row.failing_since,
    failingGroups: new Set([
      ...[...row.failing_groups].map(String),
      ...(row.failing_group === undefined ? [] : [row.failing_group]),
      ...(row.fails_others > 0 ? [OTHERS] : []),
    ]),
    failingReason: REASONS.find((reason) => reason === row.failing_reason),
    pausedUntil: row.held_until,
    probeAt: row.probe_at,
    refused: row.refused,
    refusedUntil: row.refused_until,
    refusedFor: row.refused_for,
  };
}
