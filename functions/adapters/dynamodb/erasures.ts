import type { Cleaning, Erasures } from '../../domain/store/ports.ts';
import { cleanRows } from './clean-rows.ts';
import { readHead } from './head.ts';
import { placeholderRow } from './layout/content-row.ts';
import { CLEANING, currentKey, scheduleKey, shardOf } from './layout/keys.ts';
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
  'confirmed_at',
  'confirmed_version',
  'publishing',
  'suspect',
  'forced_at',
  'page_size',
  'capped_at',
  'asked',
  'asked_due',
];
/** A run is at most two revisions ahead of the current row: the one that it fenced, and the one that it publishes. */
const AHEAD = 2;

/** Erases and redacts groups. The schedule row records both. */
export function erasures(place: Place): Erasures {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  const marks = ({ due, until }: Cleaning, shard: string) => ({ due, due_shard: shard, clean_until: until });

  return {
    ...cleanRows({ client, writes, table }),
    ...repairRows(place),

    writeTombstone: (resultId, found, at) =>
      found
        ? writes.update(
            scheduleKey(resultId),
            {
              set: { ...marks(at, CLEANING), erased_at: at.now, failures: 0 },
              remove: [...TRACKED_ATTRIBUTES, 'sealed'],
            },
            { when: `attribute_exists(pk) AND ${is('due', found.due)}`, values: bound('due', found.due) },
          )
        : writes.put({ ...tombstoneRow(resultId, at.now), ...marks(at, CLEANING), erased_at: at.now }, NEW),

    async fenceTombstone(resultId, found) {
      const { version, revision } = found;
      const fence = revision + AHEAD;
      if (!(await writes.put(placeholderRow(resultId, found, fence), atRevision(revision)))) return false;
      return writes.update(
        scheduleKey(resultId),
        { set: { erased_version: version, erased_revision: fence, sealed: true } },
        {
          when: `attribute_exists(pk) AND ${IS_NOT_TRACKED} AND ${is('erased_at', found.schedule?.erasedAt)}`,
          values: bound('erased_at', found.schedule?.erasedAt),
        },
      );
    },

    redact: (resultId, found, at) =>
      found
        ? writes.update(
            scheduleKey(resultId),
            {
              set: { ...marks(at, shardOf(resultId)), asked_due: at.due, redacted_at: found.redactedAt ?? at.now },
              remove: ['lease_until'],
            },
            { when: `attribute_exists(pk) AND ${is('due', found.due)}`, values: bound('due', found.due) },
          )
        : writes.put({ ...tombstoneRow(resultId, at.now), redacted_at: at.now, sealed: true }, NEW),

    cleaned: (resultId, cleanUntil) =>
      writes.update(
        scheduleKey(resultId),
        { remove: ['clean_until'] },
        { when: 'clean_until = :until', values: { ':until': cleanUntil } },
      ),

    reschedule: (resultId, from, next) =>
      writes.update(
        scheduleKey(resultId),
        {
          set: next === undefined ? { failures: 0 } : { due: next, due_shard: CLEANING, failures: 0 },
          remove: [
            'suspect',
            'last_error',
            'last_attempt',
            ...(next === undefined ? ['due', 'due_shard', 'clean_until'] : []),
          ],
        },
        { when: `${IS_NOT_TRACKED} AND due = :due`, values: { ':due': from } },
      ),

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
        const next = cleanUntil === undefined ? {} : { due: Math.max(cleanUntil, due + 1), due_shard: CLEANING };
        const remove = [...TRACKED_ATTRIBUTES, ...(cleanUntil === undefined ? ['due', 'due_shard'] : [])];
        return writes.update(scheduleKey(resultId), { set: { sealed: true, ...next }, remove }, when);
      }
      if (revision > 0 && !(await writes.delete(currentKey(resultId), atRevision(revision)))) return false;
      return writes.delete(scheduleKey(resultId), when);
    },
  };
}
