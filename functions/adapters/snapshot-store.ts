import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Store } from '../domain/ports.ts';
import { holds } from './document-client.ts';
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
  lastPageSk,
  PAGES,
  PageRow,
  pageRow,
  pageSks,
  placeholderRow,
  SCHEDULE,
  ScheduleRow,
  scheduleOf,
  scheduleRow,
  shardOf,
  snapshotOf,
} from './rows.ts';

const DAY = 86_400;
/** Days that pages outlive the history row that names them, so that a reader who holds it still finds them. */
const PAGES_OUTLIVE = 7;
/** Rows written at once. */
const PARALLEL = 16;
/** BatchGetItem takes as many keys. */
const MAX_KEYS = 100;

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
  const seconds = (ms: number) => Math.floor(ms / 1000);
  const isGone = (row: { expires?: number | undefined }) => (row.expires ?? Number.POSITIVE_INFINITY) <= seconds(now());
  const at = (resultId: string, sk: string) => ({ TableName: table, Key: { pk: groupKey(resultId), sk } });
  const schedule = (resultId: string) => at(resultId, SCHEDULE);

  async function readRows(resultId: string, sks: readonly string[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    let keys: Record<string, unknown>[] = sks.map((sk) => ({ pk: groupKey(resultId), sk }));
    while (keys.length > 0) {
      const asked = keys.slice(0, MAX_KEYS);
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: asked, ConsistentRead: true } } }),
      );
      for (const item of Responses?.[table] ?? []) {
        const row = PageRow.parse(item);
        if (!isGone(row)) found.set(row.sk, row.data);
      }
      keys = [...(UnprocessedKeys?.[table]?.Keys ?? []), ...keys.slice(MAX_KEYS)];
    }
    return found;
  }

  async function expireRows(resultId: string, sks: readonly string[], from: number): Promise<void> {
    const expires = seconds(from) + (retentionDays + PAGES_OUTLIVE) * DAY;
    await eachOf(sks, (sk) =>
      holds(
        client.send(
          new UpdateCommand({
            ...at(resultId, sk),
            UpdateExpression: 'SET expires = :expires',
            ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(expires)',
            ExpressionAttributeValues: { ':expires': expires },
          }),
        ),
      ),
    );
  }

  return {
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
      const current = CurrentRow.optional().parse(row(CURRENT));
      const planned = ScheduleRow.optional().parse(row(SCHEDULE));
      return {
        schedule: planned && scheduleOf(planned),
        revision: current?.revision ?? 0,
        snapshot: current && snapshotOf(current),
      };
    },

    async archived(resultId, version) {
      const { Item } = await client.send(new GetCommand({ ...at(resultId, historySk(version)), ConsistentRead: true }));
      const row = HistoryRow.optional().parse(Item);
      return row && !isGone(row) ? archivedOf(row) : undefined;
    },

    async pages(resultId, pages) {
      const rows = await readRows(resultId, pages.flatMap(pageSks));
      return pages.map((page) =>
        Buffer.concat(
          pageSks(page).map((sk) => {
            const data = rows.get(sk);
            if (!data) throw new Error(`page row ${sk} of a snapshot is missing`);
            return data;
          }),
        ),
      );
    },

    claim(resultId, from, at, until) {
      if (!from) {
        const Item = scheduleRow(resultId, { firstSeen: at, due: until, leaseUntil: until });
        return holds(
          client.send(new PutCommand({ TableName: table, Item, ConditionExpression: 'attribute_not_exists(pk)' })),
        );
      }
      return holds(
        client.send(
          new UpdateCommand({
            ...schedule(resultId),
            UpdateExpression: 'SET due = :until, due_shard = :shard, lease_until = :until',
            ConditionExpression: `${isStill(from.due)} AND attribute_not_exists(publishing) AND ${NOT_LEASED}`,
            ExpressionAttributeValues: {
              ':until': until,
              ':shard': shardOf(resultId),
              ':now': at,
              ...(from.due !== undefined && { ':due': from.due }),
            },
          }),
        ),
      );
    },

    hasten: (resultId, at) =>
      holds(
        client.send(
          new UpdateCommand({
            ...schedule(resultId),
            UpdateExpression: 'SET due = :now, due_shard = :shard',
            ConditionExpression: `attribute_exists(pk) AND (attribute_not_exists(due) OR due > :now) AND ${NOT_LEASED}`,
            ExpressionAttributeValues: { ':now': at, ':shard': shardOf(resultId) },
          }),
        ),
      ),

    finish(resultId, { from, next, attempt, outcome }) {
      const set: Record<string, unknown> =
        'error' in outcome
          ? { last_attempt: attempt, failures: outcome.failures, last_error: outcome.error }
          : {
              last_attempt: attempt,
              failures: 0,
              confirmed_at: outcome.confirmedAt,
              confirmed_version: outcome.version,
              phase: outcome.phase,
              last_change: outcome.publishedAt,
            };
      if (next !== undefined) Object.assign(set, { due: next, due_shard: shardOf(resultId) });
      const remove = ['publishing', 'lease_until', ...(next === undefined ? ['due', 'due_shard'] : [])];
      const names = Object.keys(set);
      return holds(
        client.send(
          new UpdateCommand({
            ...schedule(resultId),
            UpdateExpression: `SET ${names.map((name) => `${name} = :${name}`).join(', ')} REMOVE ${remove.join(', ')}`,
            ConditionExpression: 'due = :from',
            ExpressionAttributeValues: {
              ':from': from,
              ...Object.fromEntries(names.map((name) => [`:${name}`, set[name]])),
            },
          }),
        ),
      );
    },

    note: (resultId, due, revision) =>
      holds(
        client.send(
          new UpdateCommand({
            ...schedule(resultId),
            UpdateExpression: 'SET publishing = :revision',
            ConditionExpression: 'due = :due AND attribute_not_exists(publishing)',
            ExpressionAttributeValues: { ':due': due, ':revision': revision },
          }),
        ),
      ),

    async clearNote(resultId, revision) {
      await holds(
        client.send(
          new UpdateCommand({
            ...schedule(resultId),
            UpdateExpression: 'REMOVE publishing',
            ConditionExpression: 'publishing = :revision',
            ExpressionAttributeValues: { ':revision': revision },
          }),
        ),
      );
    },

    async putPages(resultId, pages) {
      const rows = pages.flatMap((page) => {
        const sks = pageSks(page);
        return page.parts.map((part, i) => pageRow(resultId, sks[i] ?? '', part));
      });
      await eachOf(rows, (Item) => client.send(new PutCommand({ TableName: table, Item })));
    },

    async archive(resultId, archived, at) {
      await holds(
        client.send(
          new PutCommand({
            TableName: table,
            Item: historyRow(resultId, archived, seconds(at) + retentionDays * DAY),
            // A slow loser of an older revision must not name pages that are already superseded.
            ConditionExpression: 'attribute_not_exists(pk) OR revision <= :revision',
            ExpressionAttributeValues: { ':revision': archived.revision },
          }),
        ),
      );
    },

    advance: (resultId, snapshot, before) =>
      holds(
        client.send(new PutCommand({ TableName: table, Item: currentRow(resultId, snapshot), ...isRevision(before) })),
      ),

    fence: (resultId, from, to) =>
      holds(
        from === 0
          ? client.send(new PutCommand({ TableName: table, Item: placeholderRow(resultId, to), ...isRevision(from) }))
          : client.send(
              new UpdateCommand({
                ...at(resultId, CURRENT),
                UpdateExpression: 'SET revision = :to',
                ConditionExpression: 'revision = :revision',
                ExpressionAttributeValues: { ':to': to, ':revision': from },
              }),
            ),
      ),

    expirePages: (resultId, pages, at) => expireRows(resultId, pages.flatMap(pageSks), at),

    async expireOthers(resultId, revision, kept, at) {
      const named = new Set(kept.flatMap(pageSks));
      let from: Record<string, unknown> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: table,
            ConsistentRead: true,
            KeyConditionExpression: 'pk = :pk AND sk BETWEEN :first AND :last',
            FilterExpression: 'attribute_not_exists(expires)',
            ProjectionExpression: 'sk',
            ExpressionAttributeValues: { ':pk': groupKey(resultId), ':first': PAGES, ':last': lastPageSk(revision) },
            ExclusiveStartKey: from,
          }),
        );
        await expireRows(
          resultId,
          Items.map((item) => String(item.sk)).filter((sk) => !named.has(sk)),
          at,
        );
        from = LastEvaluatedKey;
      } while (from);
    },

    async forget(resultId, due, revision) {
      const emptied =
        revision === 0 ||
        (await holds(client.send(new DeleteCommand({ ...at(resultId, CURRENT), ...isRevision(revision) }))));
      if (!emptied) return false;
      return holds(
        client.send(
          new DeleteCommand({
            ...schedule(resultId),
            ConditionExpression: 'due = :due',
            ExpressionAttributeValues: { ':due': due },
          }),
        ),
      );
    },
  };
}

const NOT_LEASED = '(attribute_not_exists(lease_until) OR lease_until <= :now)';
const isStill = (due: number | undefined) => (due === undefined ? 'attribute_not_exists(due)' : 'due = :due');

/** The condition that the current row is still at a revision; 0 where there is none. */
const isRevision = (revision: number) =>
  revision === 0
    ? { ConditionExpression: 'attribute_not_exists(pk)' }
    : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': revision } };

async function eachOf<T>(items: readonly T[], write: (item: T) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < items.length; i += PARALLEL) await Promise.all(items.slice(i, i + PARALLEL).map(write));
}
