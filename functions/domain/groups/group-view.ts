import * as z from 'zod/mini';
import { nextRefresh } from '../group/next-refresh.ts';
import { ResultId } from '../group/result-id.ts';
import { PhaseName, Status } from '../group/status.ts';
import { iso, isoOrNull } from '../iso-time.ts';
import type { TrackedGroup } from './group-list.ts';

const time = z.iso.datetime();

/** A group as the API returns it. Times as RFC 3339, in UTC. */
export const GroupView = z
  .object({
    result_id: ResultId,
    version: z
      .nullable(z.int().check(z.minimum(1)))
      .check(z.meta({ description: 'The current version. Null before the first successful fetch.' })),
    phase: PhaseName,
    overall_status: z.nullable(Status),
    total: z.nullable(z.int().check(z.minimum(0))),
    status_counts: z
      .record(z.string(), z.int())
      .check(z.meta({ description: 'How many verifications have each status.' })),
    first_seen: time,
    last_attempt: z
      .nullable(time)
      .check(z.meta({ description: 'When the last refresh ended. The same as last_success if it succeeded.' })),
    last_success: z.nullable(time).check(z.meta({ description: 'When AnyCheck last confirmed the current version.' })),
    last_change: time.check(
      z.meta({ description: 'When the current version was published. Before the first version: first_seen.' }),
    ),
    last_error: z
      .nullable(
        z
          .object({
            code: z.string(),
            at: time,
            failures: z.int().check(z.meta({ description: 'Consecutive failures.' })),
          })
          .check(z.meta({ id: 'RefreshError' })),
      )
      .check(z.meta({ description: 'The error of the last refresh. Null where it succeeded.' })),
    failing_since: z.nullable(time).check(
      z.meta({
        description:
          'Since when refreshes fail for a reason that concerns this group alone. Null where the last one did not, and ' +
          'where AnyCheck does not know the group.',
      }),
    ),
    next_refresh: z
      .nullable(time)
      .check(z.meta({ description: 'Null where only a webhook or a reader requests the next refresh.' })),
    redacted: z.boolean(),
  })
  .check(z.meta({ id: 'Group' }));
export type GroupView = z.input<typeof GroupView>;

export function groupView({ resultId, schedule }: TrackedGroup): GroupView {
  const { summary, failures, lastError, lastAttempt, confirmedAt } = schedule;
  return {
    result_id: resultId,
    version: schedule.confirmedVersion ?? null,
    phase: schedule.phase,
    overall_status: summary?.overallStatus ?? null,
    total: summary?.total ?? null,
    status_counts: Object.fromEntries(summary?.statusCounts ?? []),
    first_seen: iso(schedule.firstSeen),
    // A success is confirmed as of the begin of its fetch and recorded after its end. Callers compare both times.
    last_attempt: isoOrNull(failures > 0 ? lastAttempt : (confirmedAt ?? lastAttempt)),
    last_success: isoOrNull(confirmedAt),
    last_change: iso(schedule.lastChange ?? schedule.firstSeen),
    last_error:
      failures > 0 ? { code: lastError ?? 'UNKNOWN', at: iso(lastAttempt ?? schedule.firstSeen), failures } : null,
    failing_since: isoOrNull(schedule.failingSince),
    next_refresh: isoOrNull(nextRefresh(schedule)),
    redacted: schedule.redactedAt !== undefined,
  };
}
