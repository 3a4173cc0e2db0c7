import { type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Look, Store } from '../domain/ports.ts';
import { positionOf } from '../domain/position.ts';
import { changeRows } from './change-rows.ts';
import { cleanRows } from './clean-rows.ts';
import { atRevision, bound, conditionalWrites, FOLLOWED, is, NEW } from './conditional-writes.ts';
import { erasureRows, OF_FOLLOWED } from './erasure-rows.ts';
import { pageRows } from './page-rows.ts';
import {
  archivedOf,
  CLEANING,
  CURRENT,
  CurrentRow,
  currentRow,
  expiryAfter,
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
    return Item && ScheduleRow.parse(Item);
  };
  const hasten = (resultId: string, at: number) =>
    writes.update(
      schedule(resultId),
      { set: dueAt(resultId, at) },
      {
        when: `${FOLLOWED} AND (attribute_not_exists(due) OR due > :now) AND ${NOT_LEASED}`,
        values: { ':now': at },
      },
    );

  return {
    ...pageRows({ client, writes, table, retentionDays, now }),
    ...changeRows({ client, writes, table, retentionDays }),
    ...erasureRows({ client, writes, table }),
    ...cleanRows({ client, writes, table }),

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
      const [currentItem, scheduleItem] = [row(CURRENT), row(SCHEDULE)];
      const head = currentItem && CurrentRow.parse(currentItem);
      const plan = scheduleItem && ScheduleRow.parse(scheduleItem);
      return {
        schedule: plan && scheduleOf(plan),
        revision: head?.revision ?? 0,
        version: head?.version ?? 0,
        publishedAt: head?.published_at ?? 0,
        snapshot: head && snapshotOf(head),
      };
    },

    async archived(resultId, version) {
      const Key = { pk: groupKey(resultId), sk: historySk(version) };
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      const row = Item && HistoryRow.parse(Item);
      return row && !isGone(row, now()) ? archivedOf(row) : undefined;
    },

    claim: (resultId, from, at, until) =>
      from
        ? writes.update(
            schedule(resultId),
            { set: { ...dueAt(resultId, until), lease_until: until, forced_at: at } },
            {
              when: `${FOLLOWED} AND ${is('due', from.due)} AND attribute_not_exists(publishing) AND ${NOT_LEASED}`,
              values: { ':now': at, ...bound('due', from.due) },
            },
          )
        : writes.put(scheduleRow(resultId, { firstSeen: at, due: until, leaseUntil: until }), NEW),

    hasten,

    async ask(resultId, at) {
      const key = schedule(resultId);
      // Not where it became due in this very moment: the look from then on will do, and its message can't be queued for another.
      const isAsked = await writes.update(
        key,
        { set: { asked: at, asked_due: at } },
        {
          when: `${FOLLOWED} AND attribute_not_exists(asked) AND (attribute_not_exists(due) OR due <> :now)`,
          values: { ':now': at },
        },
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
              ...outcomeOf(resultId, outcome),
              ...(due !== undefined && dueAt(resultId, due)),
            },
            remove: [
              ...PASSING,
              ...(pageSize === undefined ? ['page_size'] : []),
              ...('error' in outcome && outcome.failingSince !== undefined ? [] : ['failing_since']),
              ...(due === undefined ? ['due', 'due_shard'] : []),
            ],
          },
          {
            when: `${FOLLOWED} AND due = :due AND ${is('publishing', note)} AND ${when}`,
            values: { ':due': from, ...bound('publishing', note), ...values },
          },
        );
      if (await ended(next, '(attribute_not_exists(asked) OR asked <= :begun)', { ':begun': begun })) return true;
      const { asked_due } = (await planned(resultId)) ?? {};
      return asked_due !== undefined && ended(asked_due, 'asked_due = :asked_due', { ':asked_due': asked_due });
    },

    suspect: (resultId, { from, message, note, next, attempt, failures }) =>
      writes.update(
        schedule(resultId),
        {
          set: { ...dueAt(resultId, next), suspect: message, failures, last_attempt: attempt, last_error: 'CRASHED' },
        },
        {
          when: `due = :due AND ${is('publishing', note)}`,
          values: { ':due': from, ...bound('publishing', note) },
        },
      ),

    note: (resultId, due, found, revision) =>
      writes.update(
        schedule(resultId),
        { set: { publishing: revision } },
        {
          when: `${FOLLOWED} AND due = :due AND ${is('publishing', found)}`,
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
      const row = historyRow(resultId, archived, expiryAfter(at, retentionDays));
      await writes.put(row, {
        // A slow loser of an older revision must not name pages that are already superseded.
        when: 'attribute_not_exists(pk) OR revision <= :revision',
        values: { ':revision': archived.revision },
      });
    },

    advance: (resultId, snapshot, before) => writes.put(currentRow(resultId, snapshot), atRevision(before)),

    fence: (resultId, found, to) =>
      found.snapshot
        ? writes.update(current(resultId), { set: { revision: to } }, atRevision(found.revision))
        : writes.put(placeholderRow(resultId, found, to), atRevision(found.revision)),

    async forget(resultId, due, revision) {
      const found = await this.read(resultId);
      const plan = found.schedule;
      const outlives = plan !== undefined && (plan.erasedRevision > 0 || plan.redactedAt !== undefined);
      const when = { when: 'due = :due AND attribute_not_exists(asked)', values: { ':due': due } };
      if (outlives) {
        const emptied = placeholderRow(resultId, found, revision + 1);
        if (revision > 0 && !(await writes.put(emptied, atRevision(revision)))) return false;
        const { cleanUntil } = plan;
        const due = cleanUntil === undefined ? {} : { due: cleanUntil, due_shard: CLEANING };
        const remove = [...OF_FOLLOWED, ...(cleanUntil === undefined ? ['due', 'due_shard'] : [])];
        return writes.update(schedule(resultId), { set: { sealed: true, ...due }, remove }, when);
      }
      if (revision > 0 && !(await writes.delete(current(resultId), atRevision(revision)))) return false;
      return writes.delete(schedule(resultId), when);
    },
  };
}

/** What a look that ended leaves nothing of. */
const PASSING = ['publishing', 'lease_until', 'suspect', 'asked', 'asked_due'];

const outcomeOf = (resultId: string, outcome: Look['outcome']) =>
  'error' in outcome
    ? { failures: outcome.failures, last_error: outcome.error, failing_since: outcome.failingSince }
    : {
        failures: 0,
        confirmed_at: outcome.confirmedAt,
        confirmed_version: outcome.version,
        phase: outcome.phase,
        listed: positionOf(outcome.publishedAt, resultId),
        total: outcome.standing.total,
        overall_status: outcome.standing.overallStatus,
        counts: outcome.standing.statusCounts,
      };

const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';
