import { positionOf } from '../../domain/group/position.ts';
import type { RefreshAttempt, Schedules } from '../../domain/store/ports.ts';
import { readSchedule } from './head.ts';
import { scheduleKey, shardOf } from './layout/keys.ts';
import { scheduleRow, statusCountsText } from './layout/schedule-row.ts';
import { bound, conditionalWrites, IS_NOT_TRACKED, IS_TRACKED, is, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

/**
 * The schedule rows of tracked groups. Each method is one conditional write. If it fails, some methods find out why
 * with a read.
 */
export function schedules(place: Place): Schedules {
  const writes = conditionalWrites(place.client, place.table);
  const dueAt = (resultId: string, due: number) => ({ due, due_shard: shardOf(resultId) });
  const expedite = (resultId: string, at: number) =>
    writes.update(
      scheduleKey(resultId),
      { set: dueAt(resultId, at) },
      {
        when: `${IS_TRACKED} AND (attribute_not_exists(due) OR due > :now) AND ${NOT_LEASED}`,
        values: { ':now': at },
      },
    );

  return {
    claim: (resultId, from, at, until) =>
      from
        ? writes.update(
            scheduleKey(resultId),
            { set: { ...dueAt(resultId, until), lease_until: until, forced_at: at } },
            {
              when: `${IS_TRACKED} AND ${is('due', from.due)} AND attribute_not_exists(publishing) AND ${NOT_LEASED}`,
              values: { ':now': at, ...bound('due', from.due) },
            },
          )
        : writes.put(scheduleRow(resultId, { firstSeen: at, due: until, leaseUntil: until }), NEW),

    expedite,

    async requestRefresh(resultId, at) {
      const key = scheduleKey(resultId);
      // A group that is due at exactly `at` needs no request: the refresh of that due time begins later than the
      // request. The queue would also drop a second message with the same due time.
      const isRequested = await writes.update(
        key,
        { set: { asked: at, asked_due: at } },
        {
          when: `${IS_TRACKED} AND attribute_not_exists(asked) AND (attribute_not_exists(due) OR due <> :now)`,
          values: { ':now': at },
        },
      );
      const isRequestedLater =
        !isRequested &&
        (await writes.update(key, { set: { asked: at } }, { when: 'asked < :asked', values: { ':asked': at } }));
      if (!isRequested && !isRequestedLater) return [];
      const { due = Number.POSITIVE_INFINITY, lease_until = 0 } = (await readSchedule(place, resultId)) ?? {};
      const queued = isRequested ? [at] : [];
      if (lease_until > at) return queued;
      if (due <= at) return isRequested ? [due, at] : [];
      // The refresh that was under way has ended without reading this request, so the group becomes due now.
      return (await expedite(resultId, at)) ? [at] : queued;
    },

    async finish(resultId, { from, next, intent, attempt, begun, pageSize, outcome }) {
      const ended = (due: number | undefined, when: string, values: Record<string, number>) =>
        writes.update(
          scheduleKey(resultId),
          {
            set: {
              last_attempt: attempt,
              page_size: pageSize?.items,
              capped_at: pageSize?.cappedAt,
              ...outcomeOf(resultId, outcome),
              ...(due !== undefined && dueAt(resultId, due)),
            },
            remove: [
              ...ATTEMPT_ATTRIBUTES,
              ...(pageSize === undefined ? ['page_size'] : []),
              ...(pageSize?.cappedAt === undefined ? ['capped_at'] : []),
              ...('error' in outcome && outcome.failingSince !== undefined ? [] : ['failing_since']),
              ...(due === undefined ? ['due', 'due_shard'] : []),
              ...('error' in outcome ? [] : ['counts']),
            ],
          },
          {
            when: `${IS_TRACKED} AND due = :due AND ${is('publishing', intent)} AND ${when}`,
            values: { ':due': from, ...bound('publishing', intent), ...values },
          },
        );
      if (await ended(next, '(attribute_not_exists(asked) OR asked <= :begun)', { ':begun': begun })) return true;
      const { asked_due } = (await readSchedule(place, resultId)) ?? {};
      return asked_due !== undefined && ended(asked_due, 'asked_due = :asked_due', { ':asked_due': asked_due });
    },

    quarantine: (resultId, { from, message, intent, next, attempt, failures }) =>
      writes.update(
        scheduleKey(resultId),
        {
          set: { ...dueAt(resultId, next), suspect: message, failures, last_attempt: attempt, last_error: 'CRASHED' },
        },
        {
          when: `due = :due AND ${is('publishing', intent)}`,
          values: { ':due': from, ...bound('publishing', intent) },
        },
      ),

    async track(resultId, now) {
      const row = { ...scheduleRow(resultId, { firstSeen: now, due: now }), wanted: true };
      if (await writes.put(row, NEW)) return 'accepted';
      const { pk, sk, ...set } = row;
      const when = `${IS_NOT_TRACKED} AND sealed = :sealed`;
      const change = { set, remove: ['sealed'] };
      if (await writes.update({ pk, sk }, change, { when, values: { ':sealed': true } })) return 'accepted';
      const found = await readSchedule(place, resultId);
      // If the row is missing again, `drop` deleted it in the meantime. The next attempt creates it.
      return found && found.phase !== undefined ? 'known' : 'erased';
    },
  };
}

/** The attributes that the end of a refresh removes. */
const ATTEMPT_ATTRIBUTES = ['publishing', 'lease_until', 'suspect', 'asked', 'asked_due'];

const outcomeOf = (resultId: string, outcome: RefreshAttempt['outcome']) =>
  'error' in outcome
    ? { failures: outcome.failures, last_error: outcome.error, failing_since: outcome.failingSince }
    : {
        failures: 0,
        confirmed_at: outcome.confirmedAt,
        confirmed_version: outcome.version,
        phase: outcome.phase,
        listed: positionOf(outcome.publishedAt, resultId),
        total: outcome.summary.total,
        overall_status: outcome.summary.overallStatus,
        status_counts: statusCountsText(outcome.summary.statusCounts),
      };

const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';
