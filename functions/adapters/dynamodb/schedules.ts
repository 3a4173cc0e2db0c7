import { positionOf } from '../../domain/group/position.ts';
import { atOnce, dueAfter, type NextDue } from '../../domain/refresh/due-time.ts';
import type { RefreshAttempt, Schedules } from '../../domain/store/ports.ts';
import { readSchedule } from './head.ts';
import { dueForAnnouncement, dueForRefresh, NOT_DUE } from './layout/due.ts';
import { scheduleKey } from './layout/keys.ts';
import { scheduleOf, scheduleRow, statusCountsText } from './layout/schedule-row.ts';
import { bound, conditionalWrites, IS_NOT_TRACKED, IS_TRACKED, is, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

/**
 * The schedule rows of tracked groups. Each method is one conditional write. If it fails, some methods find out why
 * with a read.
 */
export function schedules(place: Place): Schedules {
  const writes = conditionalWrites(place.client, place.table);
  const dueAtOnce = (resultId: string, due: number, more: Readonly<Record<string, unknown>> = {}) => {
    const { set, remove } = dueForRefresh(resultId, due);
    return { set: { ...set, ...more, asked_due: due }, remove };
  };
  const trackedNow = async (resultId: string) => {
    const row = await readSchedule(place, resultId);
    const schedule = row && scheduleOf(row);
    return schedule?.kind === 'tracked' ? schedule : undefined;
  };
  const expedite = (resultId: string, at: number, request: { asked?: number } = {}) =>
    writes.update(scheduleKey(resultId), dueAtOnce(resultId, at, request), {
      when: `${IS_TRACKED} AND ${IS_NOT_DUE} AND ${NOT_LEASED} AND ${NEVER_QUEUED}`,
      values: { ':now': at },
    });
  const end = (resultId: string, attempt: RefreshAttempt, next: NextDue, asked?: number) => {
    const { isRequestConsumed } = next;
    const change = changeTo(resultId, next);
    return writes.update(
      scheduleKey(resultId),
      {
        set: {
          last_attempt: attempt.attempt,
          page_size: attempt.pageSize?.items,
          capped_at: attempt.pageSize?.cappedAt,
          ...outcomeOf(resultId, attempt.outcome),
          ...change.set,
          asked_due: next.queuedBy === 'run' ? next.due : undefined,
        },
        remove: [
          ...change.remove,
          ...ATTEMPT_ATTRIBUTES,
          ...(isRequestConsumed ? ['asked'] : []),
          ...(attempt.pageSize === undefined ? ['page_size'] : []),
          ...(attempt.pageSize?.cappedAt === undefined ? ['capped_at'] : []),
          ...('error' in attempt.outcome ? [] : ['counts']),
          ...('error' in attempt.outcome && attempt.outcome.failingSince !== undefined ? [] : FAILING_ATTRIBUTES),
        ],
      },
      {
        when: `${IS_TRACKED} AND due = :due AND ${is('publishing', attempt.intent)} AND ${is('asked', asked)}`,
        values: { ':due': attempt.from, ...bound('publishing', attempt.intent), ...bound('asked', asked) },
      },
    );
  };

  return {
    claim: async (resultId, from, at, until) => {
      if (!from) return writes.put(scheduleRow(resultId, { firstSeen: at, due: until, leaseUntil: until }), NEW);
      const { set, remove } = dueForRefresh(resultId, until);
      return writes.update(
        scheduleKey(resultId),
        { set: { ...set, lease_until: until, forced_at: at }, remove },
        {
          when: `${IS_TRACKED} AND ${is('due', from.due)} AND attribute_not_exists(publishing) AND ${NOT_LEASED}`,
          values: { ':now': at, ...bound('due', from.due) },
        },
      );
    },

    expedite: (resultId, at) => expedite(resultId, at),

    async requestRefresh(resultId, at) {
      if (await expedite(resultId, at, { asked: at })) return at;
      // Due, being fetched, or not tracked. The run that fetches it finds the request when it ends.
      const key = scheduleKey(resultId);
      const request = { set: { asked: at } };
      const values = { ':asked': at };
      const first = `${IS_TRACKED} AND (attribute_not_exists(asked) OR (asked <= due AND asked < :asked))`;
      const isFirst = await writes.update(key, request, { when: first, values });
      // Meanwhile a refresh may have ended and consumed the other request.
      const latest = `${IS_TRACKED} AND (attribute_not_exists(asked) OR asked < :asked)`;
      const isLatest = isFirst || (await writes.update(key, request, { when: latest, values }));
      // The group is not tracked, or a later request stands.
      if (!isLatest) return undefined;
      const schedule = await trackedNow(resultId);
      if (!schedule || (schedule.leaseUntil ?? 0) > at) return undefined;
      // The first one since the group became due queues it again, since its message may not have been sent.
      const { due: current, refreshDue } = schedule;
      const isDue = current !== undefined && current <= at && refreshDue === undefined;
      if (isDue) return isFirst ? current : undefined;
      // The refresh that was under way has ended without finding the request.
      const due = atOnce(schedule, at);
      return (await expedite(resultId, due)) ? due : undefined;
    },

    async finish(resultId, attempt) {
      let known = attempt.schedule;
      for (;;) {
        const next = dueAfter(attempt, known);
        if (await end(resultId, attempt, next, known.requestedAt)) return next;
        const found = await trackedNow(resultId);
        const isOwn = found?.due === attempt.from && found.publishIntent === attempt.intent;
        if (!isOwn || found.requestedAt === known.requestedAt) return undefined;
        known = found;
      }
    },

    async renewDue(resultId, from, now) {
      const schedule = await trackedNow(resultId);
      if (schedule?.due !== from) return undefined;
      const due = atOnce(schedule, now);
      const isRenewed = await writes.update(scheduleKey(resultId), dueAtOnce(resultId, due), {
        when: `${IS_TRACKED} AND due = :due`,
        values: { ':due': from },
      });
      return isRenewed ? due : undefined;
    },

    quarantine: (resultId, { from, message, intent, next, attempt, failures, failingSince }) => {
      const { set, remove } = dueForRefresh(resultId, next);
      const outcome = { failures, last_error: 'CRASHED', ...failing(resultId, failingSince) };
      return writes.update(
        scheduleKey(resultId),
        { set: { ...set, ...outcome, suspect: message, last_attempt: attempt }, remove },
        {
          when: `due = :due AND ${is('publishing', intent)}`,
          values: { ':due': from, ...bound('publishing', intent) },
        },
      );
    },

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

function changeTo(resultId: string, { due, refreshDue }: NextDue) {
  if (due === undefined) return NOT_DUE;
  return refreshDue === undefined ? dueForRefresh(resultId, due) : dueForAnnouncement(due, refreshDue);
}

/** The attributes that the end of a refresh removes. */
const ATTEMPT_ATTRIBUTES = ['publishing', 'lease_until', 'suspect'];

/** The attributes of a group that fails. They stay the same until it does not, so its index is not written meanwhile. */
const FAILING_ATTRIBUTES = ['failing_since', 'failing'];
const failing = (resultId: string, since: number | undefined) =>
  since === undefined ? {} : { failing_since: since, failing: positionOf(since, resultId) };

const outcomeOf = (resultId: string, outcome: RefreshAttempt['outcome']) =>
  'error' in outcome
    ? { failures: outcome.failures, last_error: outcome.error, ...failing(resultId, outcome.failingSince) }
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

/** A group that is only due to be announced is not due for a refresh. */
const IS_NOT_DUE = '(attribute_not_exists(due) OR due > :now OR attribute_exists(refresh_due))';
const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';
/** The condition that a due time for at once is later than every one that was queued. See atOnce. */
const NEVER_QUEUED = [
  '(attribute_not_exists(asked_due) OR asked_due < :now)',
  '(attribute_not_exists(last_attempt) OR last_attempt < :now)',
].join(' AND ');
