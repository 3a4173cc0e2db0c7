import type { Erasures } from '../../domain/store/ports.ts';
import { cleanRows } from './clean-rows.ts';
import { readHead } from './head.ts';
import { placeholderRow } from './layout/content-row.ts';
import { dueForCleaning, dueForRefresh, NOT_DUE } from './layout/due.ts';
import { currentKey, EVENT_DAYS, expiryAfter, scheduleKey } from './layout/keys.ts';
import { tombstoneRow } from './layout/schedule-row.ts';
import { repairRows } from './repair-rows.ts';
import { atRevision, bound, conditionalWrites, IS_NOT_TRACKED, is, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

/** The attributes that only a tracked group's schedule row has, without the due time. */
const TRACKED_ATTRIBUTES = [
  'phase',
  'listed',
  'wanted',
  'total',
  'overall_status',
  'counts',
  'status_counts',
  'lease_until',
  'last_attempt',
  'last_error',
  'failing_since',
  'failing',
  'confirmed_at',
  'confirmed_version',
  'publishing',
  'suspect',
  'forced_at',
  'page_size',
  'capped_at',
  'asked',
  'asked_due',
  'redaction_unannounced',
];
/** A run is at most two revisions ahead of the current row: the one that it fenced, and the one that it publishes. */
const AHEAD = 2;

/** Erases and redacts groups. The schedule row records both. */
export function erasures(place: Place): Erasures {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);

  return {
    ...cleanRows({ client, writes, table }),
    ...repairRows(place),

    writeTombstone: (resultId, found, at) => {
      const { set, remove } = dueForCleaning(at.due);
      const mark = { ...set, clean_until: at.until, erased_at: at.now, erasure_unannounced: at.isAnnounced };
      if (!found) return writes.put({ ...tombstoneRow(resultId, at.now), ...mark }, NEW);
      return writes.update(
        scheduleKey(resultId),
        { set: { ...mark, failures: 0 }, remove: [...remove, ...TRACKED_ATTRIBUTES, 'sealed'] },
        { when: `attribute_exists(pk) AND ${is('due', found.due)}`, values: bound('due', found.due) },
      );
    },

    async fenceTombstone(resultId, found) {
      const { version, revision, publishedAt } = found;
      const fence = revision + AHEAD;
      if (!(await writes.put(placeholderRow(resultId, found, fence), atRevision(revision)))) return false;
      return writes.update(
        scheduleKey(resultId),
        // What was not announced before the erasure is not announced any more.
        { set: { erased_version: version, erased_revision: fence, sealed: true, announced_until: publishedAt } },
        {
          when: `attribute_exists(pk) AND ${IS_NOT_TRACKED} AND ${is('erased_at', found.schedule?.erasedAt)}`,
          values: bound('erased_at', found.schedule?.erasedAt),
        },
      );
    },

    redact: (resultId, { schedule, version }, at) => {
      if (!schedule) return writes.put({ ...tombstoneRow(resultId, at.now), redacted_at: at.now, sealed: true }, NEW);
      const { set, remove } = dueForRefresh(resultId, at.due);
      const isFirst = schedule.redactedAt === undefined;
      return writes.update(
        scheduleKey(resultId),
        {
          set: {
            ...set,
            clean_until: at.until,
            asked_due: at.due,
            redacted_at: schedule.redactedAt ?? at.now,
            redaction_unannounced: isFirst && at.isAnnounced ? version : undefined,
          },
          remove: [...remove, 'lease_until'],
        },
        { when: `attribute_exists(pk) AND ${is('due', schedule.due)}`, values: bound('due', schedule.due) },
      );
    },

    cleaned: (resultId, cleanUntil) =>
      writes.update(
        scheduleKey(resultId),
        { remove: ['clean_until'] },
        { when: 'clean_until = :until', values: { ':until': cleanUntil } },
      ),

    reschedule: (resultId, from, next) => {
      const change = next === undefined ? NOT_DUE : dueForCleaning(next);
      return writes.update(
        scheduleKey(resultId),
        {
          set: { ...change.set, failures: 0 },
          remove: [
            ...change.remove,
            'suspect',
            'last_error',
            'last_attempt',
            ...(next === undefined ? ['clean_until'] : []),
          ],
        },
        { when: `${IS_NOT_TRACKED} AND due = :due`, values: { ':due': from } },
      );
    },

    async drop(resultId, { due, revision, begun }) {
      const found = await readHead(place, resultId);
      const plan = found.schedule;
      const outlives = plan !== undefined && (plan.erasedRevision > 0 || plan.redactedAt !== undefined);
      const when = {
        when: 'due = :due AND (attribute_not_exists(asked) OR asked <= :begun)',
        values: { ':due': due, ':begun': begun },
      };
      if (outlives) {
        const emptied = placeholderRow(resultId, found, revision + 1);
        if (revision > 0 && !(await writes.put(emptied, atRevision(revision)))) return false;
        const { cleanUntil } = plan;
        // A due time that was queued is never set again.
        const next = cleanUntil === undefined ? NOT_DUE : dueForCleaning(Math.max(cleanUntil, due + 1));
        const remove = [...TRACKED_ATTRIBUTES, ...next.remove];
        return writes.update(scheduleKey(resultId), { set: { sealed: true, ...next.set }, remove }, when);
      }
      // The numbering of versions goes on while events of the former ones can still arrive.
      const numbering = { ...placeholderRow(resultId, found, revision + 1), expires: expiryAfter(begun, EVENT_DAYS) };
      const isFenced =
        found.version > 0
          ? await writes.put(numbering, atRevision(revision))
          : revision === 0 || (await writes.delete(currentKey(resultId), atRevision(revision)));
      return isFenced && writes.delete(scheduleKey(resultId), when);
    },
  };
}
