import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import type { StoredGroup } from '../../domain/group/schedule.ts';
import { DamagedRowError } from '../../domain/store/damaged-row.ts';
import { CurrentRow, snapshotOf } from './layout/content-row.ts';
import { CURRENT, groupKey, HEAD, SCHEDULE, scheduleKey } from './layout/keys.ts';
import { ScheduleRow, scheduleOf } from './layout/schedule-row.ts';
import type { Place } from './requests/place.ts';
import { query } from './requests/query.ts';

type Item = Record<string, unknown>;

/** Reads a group's current row and schedule row in one request, strongly consistent, as they are stored. */
export async function readHeadItems({ client, table }: Place, resultId: string): Promise<(Item | undefined)[]> {
  const items = await query(client, {
    TableName: table,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :head)',
    ExpressionAttributeValues: { ':pk': { S: groupKey(resultId) }, ':head': { S: HEAD } },
  });
  return [CURRENT, SCHEDULE].map((sk) => items.find((item) => item.sk === sk));
}

/**
 * Reads a group's current row and schedule row in one request, strongly consistent.
 * @throws DamagedRowError where one of them cannot be read.
 */
export async function readHead(place: Place, resultId: string): Promise<StoredGroup> {
  const [currentItem, scheduleItem] = await readHeadItems(place, resultId);
  const head = currentItem && parsed(CurrentRow, currentItem);
  const plan = scheduleItem && parsed(ScheduleRow, scheduleItem);
  return {
    schedule: plan && scheduleOf(plan),
    revision: head?.revision ?? 0,
    version: head?.version ?? 0,
    publishedAt: head?.published_at ?? 0,
    snapshot: head && snapshotOf(head),
  };
}

function parsed<T extends z.ZodMiniType>(schema: T, item: Item): z.output<T> {
  const { data, error } = schema.safeParse(item);
  if (error) throw new DamagedRowError(String(item.sk), error);
  return data;
}

/** Reads a group's schedule row, strongly consistent. @returns undefined if there is none. */
export async function readSchedule({ client, table }: Place, resultId: string): Promise<ScheduleRow | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: scheduleKey(resultId), ConsistentRead: true }),
  );
  return Item && ScheduleRow.parse(Item);
}
