import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Look, Store } from '../domain/ports.ts';
import { type Condition, conditionalWrites } from './conditional-writes.ts';
import { pageRows } from './page-rows.ts';
import {
  archivedOf,
  CURRENT,
  CurrentRow,
  currentRow,
  groupKey,
  HEAD,
  HistoryRow,
  historyRow,
  historySk,
  isGone,
  placeholderRow,
  SCHEDULE,
  ScheduleRow,
  scheduleOf,
  scheduleRow,
  shardOf,
  snapshotOf,
} from './rows.ts';

const DAY = 86_400;

export interface StoreOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** Days that a superseded version is kept. */
  readonly retentionDays: number;
  /** ms since the epoch: rows past their expiry are gone, whenever DynamoDB gets round to deleting them. */
  readonly now: () => number;
}

/** The snapshots of groups in DynamoDB: every method one request, or as many as the pages it is given need. */
export function snapshotStore({ client, table, retentionDays, now }: StoreOptions): Store {
  const writes = conditionalWrites(client, table);
  const current = (resultId: string) => ({ pk: groupKey(resultId), sk: CURRENT });
  const schedule = (resultId: string) => ({ pk: groupKey(resultId), sk: SCHEDULE });
  const dueAt = (resultId: string, due: number) => ({ due, due_shard: shardOf(resultId) });
  const planned = async (resultId: string) => {
    const { Item } = await client.send(
      new GetCommand({ TableName: table, Key: schedule(resultId), ConsistentRead: true }),
    );
    return ScheduleRow.optional().parse(Item);
  };
  const hasten = (resultId: string, at: number) =>
    writes.update(
      schedule(resultId),
      { set: dueAt(resultId, at) },
      {
        when: `attribute_exists(pk) AND (attribute_not_exists(due) OR due > :now) AND ${NOT_LEASED}`,
        values: { ':now': at },
      },
    );

  return {
    ...pageRows({ client, writes, table, retentionDays, now }),

    async read(resultId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          ConsistentRead: true,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :head)',
          ExpressionAttributeValues: { ':pk': groupKey(resultId), ':head': HEAD },
        }),
      );
      const row = (sk: string) => Items.find((item) => item.sk === sk);
      const head = CurrentRow.optional().parse(row(CURRENT));
      const plan = ScheduleRow.optional().parse(row(SCHEDULE));
      return {
        schedule: plan && scheduleOf(plan),
        revision: head?.revision ?? 0,
        snapshot: head && snapshotOf(head),
      };
    },

    async archived(resultId, version) {
      const Key = { pk: groupKey(resultId), sk: historySk(version) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      const row = HistoryRow.optional().parse(Item);
      return row && !isGone(row, now()) ? archivedOf(row) : undefined;
    },

    claim: (resultId, from, at, until) =>
      from
        ? writes.update(
            schedule(resultId),
            { set: { ...dueAt(resultId, until), lease_until: until, forced_at: at } },
            {
              when: `${is('due', from.due)} AND attribute_not_exists(publishing) AND ${NOT_LEASED}`,
              values: { ':now': at, ...bound('due', from.due) },
            },
          )
        : writes.put(scheduleRow(resultId, { firstSeen: at, due: until, leaseUntil: until }), NEW),

    hasten,

    async ask(resultId, at) {
      const key = schedule(resultId);
      const isAsked = await writes.update(
        key,
        { set: { asked: at, asked_due: at } },
        { when: 'attribute_exists(pk) AND attribute_not_exists(asked)' },
      );
      const isAskedLater =
        !isAsked &&
        (await writes.update(key, { set: { asked: at } }, { when: 'asked < :asked', values: { ':asked': at } }));
      if (!isAsked && !isAskedLater) return [];
      const { due = Number.POSITIVE_INFINITY, lease_until = 0 } = (await planned(resultId)) ?? {};
      const queued = isAsked ? [at] : [];
      if (lease_until > at) return queued;
      if (due <= at) return isAsked ? [due, at] : [];
      // Whoever was looking has ended meanwhile: nobody will find that it was asked for.
      return (await hasten(resultId, at)) ? [at] : queued;
    },

    async finish(resultId, { from, next, note, attempt, begun, pageSize, outcome }) {
      const ended = (due: number | undefined, when: string, values: Record<string, number>) =>
        writes.update(
          schedule(resultId),
          {
            set: {
              last_attempt: attempt,
              page_size: pageSize,
              ...outcomeOf(outcome),
              ...(due !== undefined && dueAt(resultId, due)),
            },
            remove: [
              ...PASSING,
              ...(pageSize === undefined ? ['page_size'] : []),
              ...(due === undefined ? ['due', 'due_shard'] : []),
            ],
          },
          {
            when: `due = :due AND ${is('publishing', note)} AND ${when}`,
            values: { ':due': from, ...bound('publishing', note), ...values },
          },
        );
      if (await ended(next, '(attribute_not_exists(asked) OR asked <= :begun)', { ':begun': begun })) return true;
      const { asked_due } = (await planned(resultId)) ?? {};
      return asked_due !== undefined && ended(asked_due, 'asked_due = :asked_due', { ':asked_due': asked_due });
    },

    suspect: (resultId, { from, message, next, attempt, failures }) =>
      writes.update(
        schedule(resultId),
        {
          set: { ...dueAt(resultId, next), suspect: message, failures, last_attempt: attempt, last_error: 'CRASHED' },
        },
        { when: 'due = :due', values: { ':due': from } },
      ),

    note: (resultId, due, found, revision) =>
      writes.update(
        schedule(resultId),
        { set: { publishing: revision } },
        {
          when: `due = :due AND ${is('publishing', found)}`,
          values: { ':due': due, ...bound('publishing', found) },
        },
      ),

    async clearNote(resultId, revision) {
      await writes.update(
        schedule(resultId),
        { remove: ['publishing'] },
        { when: is('publishing', revision), values: bound('publishing', revision) },
      );
    },

    async archive(resultId, archived, at) {
      const row = historyRow(resultId, archived, Math.floor(at / 1000) + retentionDays * DAY);
      await writes.put(row, {
        // A slow loser of an older revision must not name pages that are already superseded.
        when: 'attribute_not_exists(pk) OR revision <= :revision',
        values: { ':revision': archived.revision },
      });
    },

    advance: (resultId, snapshot, before) => writes.put(currentRow(resultId, snapshot), atRevision(before)),

    fence: (resultId, from, to) =>
      from === 0
        ? writes.put(placeholderRow(resultId, to), atRevision(from))
        : writes.update(current(resultId), { set: { revision: to } }, atRevision(from)),

    async forget(resultId, due, revision) {
      if (revision > 0 && !(await writes.delete(current(resultId), atRevision(revision)))) return false;
      return writes.delete(schedule(resultId), {
        when: 'due = :due AND attribute_not_exists(asked)',
        values: { ':due': due },
      });
    },
  };
}

/** What a look that ended leaves nothing of. */
const PASSING = ['publishing', 'lease_until', 'suspect', 'asked', 'asked_due'];

const outcomeOf = (outcome: Look['outcome']) =>
  'error' in outcome
    ? { failures: outcome.failures, last_error: outcome.error }
    : {
        failures: 0,
        confirmed_at: outcome.confirmedAt,
        confirmed_version: outcome.version,
        phase: outcome.phase,
        last_change: outcome.publishedAt,
      };

const NEW: Condition = { when: 'attribute_not_exists(pk)' };
const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';

/** The condition that a number is still what was read; undefined where there was none. */
const is = (name: 'due' | 'publishing', value: number | undefined) =>
  value === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}`;
const bound = (name: 'due' | 'publishing', value: number | undefined) =>
  value === undefined ? {} : { [`:${name}`]: value };

/** The condition that the current row is still at a revision; 0 where there is none. */
const atRevision = (revision: number): Condition =>
  revision === 0 ? NEW : { when: 'revision = :revision', values: { ':revision': revision } };
