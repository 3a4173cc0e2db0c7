import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { StoredGroup } from '../../domain/group/schedule.ts';
import { CurrentRow, snapshotOf } from './layout/content-row.ts';
import { CURRENT, groupKey, HEAD, SCHEDULE, scheduleKey } from './layout/keys.ts';
import { ScheduleRow, scheduleOf } from './layout/schedule-row.ts';
import type { Place } from './requests/place.ts';

/** Reads a group's current row and schedule row in one request, strongly consistent. */
export async function readHead({ client, table }: Place, resultId: string): Promise<StoredGroup> {
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
}

/** Reads a group's schedule row, strongly consistent. @returns undefined if there is none. */
export async function readSchedule({ client, table }: Place, resultId: string): Promise<ScheduleRow | undefined> {
  const { Item } = await client.send(
    new GetCommand({ TableName: table, Key: scheduleKey(resultId), ConsistentRead: true }),
  );
  return Item && ScheduleRow.parse(Item);
}
