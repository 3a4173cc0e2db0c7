import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Cleaning, Store } from '../domain/ports.ts';
import { atRevision, bound, type ConditionalWrites, is, NEW } from './conditional-writes.ts';
import { buriedRow, CLEANING, groupKey, placeholderRow, SCHEDULE, scheduleRow, shardOf } from './rows.ts';

export interface ErasureRowsOptions {
  readonly client: DynamoDBDocumentClient;
  readonly writes: ConditionalWrites;
  readonly table: string;
}

type ErasureRows = Pick<Store, 'follow' | 'bury' | 'seal' | 'redact' | 'cleaned' | 'rest'>;

/** What a schedule row has while its group is followed alone, its due time aside. */
export const OF_FOLLOWED = [
  'phase',
  'listed',
  'wanted',
  // An earlier deployment's.
  'charged_to',
  'total',
  'overall_status',
  'counts',
  'lease_until',
  'last_attempt',
  'last_error',
  'confirmed_at',
  'confirmed_version',
  'publishing',
  'suspect',
  'forced_at',
  'page_size',
  'asked',
  'asked_due',
];
const NOT_FOLLOWED = 'attribute_not_exists(phase)';
/** Revisions that a run may be ahead of the current row: the one that it fenced, and the one that it publishes. */
const AHEAD = 2;

/** A group's way in and out: followed, erased, redacted. All of it is in its schedule row. */
export function erasureRows({ client, writes, table }: ErasureRowsOptions): ErasureRows {
  const schedule = (resultId: string) => ({ pk: groupKey(resultId), sk: SCHEDULE });
  const marks = ({ due, until }: Cleaning, shard: string) => ({ due, due_shard: shard, clean_until: until });

  return {
    async follow(resultId, now) {
      const row = { ...scheduleRow(resultId, { firstSeen: now, due: now }), wanted: true };
      if (await writes.put(row, NEW)) return 'accepted';
      const { pk, sk, ...set } = row;
      const when = `${NOT_FOLLOWED} AND sealed = :sealed`;
      const change = { set, remove: ['sealed'] };
      if (await writes.update({ pk, sk }, change, { when, values: { ':sealed': true } })) return 'accepted';
      const { Item } = await client.send(
        new GetCommand({ TableName: table, Key: schedule(resultId), ConsistentRead: true }),
      );
      // A row that is gone again was forgotten: the next try makes it anew.
      return Item && Item.phase !== undefined ? 'known' : 'erased';
    },

    bury: (resultId, found, at) =>
      found
        ? writes.update(
            schedule(resultId),
            {
              set: { ...marks(at, CLEANING), erased_at: at.now, failures: 0 },
              remove: [...OF_FOLLOWED, 'sealed'],
            },
            { when: `attribute_exists(pk) AND ${is('due', found.due)}`, values: bound('due', found.due) },
          )
        : writes.put({ ...buriedRow(resultId, at.now), ...marks(at, CLEANING), erased_at: at.now }, NEW),

    async seal(resultId, found) {
      const { version, revision } = found;
      const sealed = revision + AHEAD;
      if (!(await writes.put(placeholderRow(resultId, found, sealed), atRevision(revision)))) return false;
      return writes.update(
        schedule(resultId),
        { set: { erased_version: version, erased_revision: sealed, sealed: true } },
        {
          when: `attribute_exists(pk) AND ${NOT_FOLLOWED} AND ${is('erased_at', found.schedule?.erasedAt)}`,
          values: bound('erased_at', found.schedule?.erasedAt),
        },
      );
    },

    redact: (resultId, found, at) =>
      found
        ? writes.update(
            schedule(resultId),
            {
              set: { ...marks(at, shardOf(resultId)), redacted_at: found.redactedAt ?? at.now },
              remove: ['lease_until'],
            },
            { when: `attribute_exists(pk) AND ${is('due', found.due)}`, values: bound('due', found.due) },
          )
        : writes.put({ ...buriedRow(resultId, at.now), redacted_at: at.now, sealed: true }, NEW),

    cleaned: (resultId, cleanUntil) =>
      writes.update(
        schedule(resultId),
        { remove: ['clean_until'] },
        { when: 'clean_until = :until', values: { ':until': cleanUntil } },
      ),

    rest: (resultId, from, next) =>
      writes.update(
        schedule(resultId),
        {
          set: next === undefined ? { failures: 0 } : { due: next, due_shard: CLEANING, failures: 0 },
          remove: [
            'suspect',
            'last_error',
            'last_attempt',
            ...(next === undefined ? ['due', 'due_shard', 'clean_until'] : []),
          ],
        },
        { when: `${NOT_FOLLOWED} AND due = :due`, values: { ':due': from } },
      ),
  };
}
