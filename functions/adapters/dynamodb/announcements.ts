import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { GroupEvent } from '../../domain/events/event.ts';
import type { Announced, AnnouncementDue, Announcements } from '../../domain/store/ports.ts';
import { changesAfter } from './change-rows.ts';
import { dueForAnnouncement, dueForRefresh, NOT_DUE } from './layout/due.ts';
import { EventRow } from './layout/event-row.ts';
import { EVENT_DAYS, eventSk, expiryAfter, groupKey, SCHEMA, scheduleKey } from './layout/keys.ts';
import { batchesOf, eachOf } from './requests/batches.ts';
import { conditionalWrites, NEW } from './requests/conditional-writes.ts';
import type { Place } from './requests/place.ts';

interface AnnouncementsOptions extends Place {
  /** ms since the epoch. */
  readonly now: () => number;
}

/** The event records of a group, and the marks of its schedule row that say what was announced. */
export function announcements({ client, table, now }: AnnouncementsOptions): Announcements {
  const writes = conditionalWrites(client, table);

  /** Stores an event unless it is stored. @returns its stored body. */
  async function store(resultId: string, event: GroupEvent): Promise<string> {
    const key = { pk: groupKey(resultId), sk: eventSk(event.id) };
    const { type, data } = event;
    const body = JSON.stringify(event);
    const row = { ...key, v: SCHEMA, type, version: data.version, body, expires: expiryAfter(now(), EVENT_DAYS) };
    if (await writes.put(row, NEW)) return body;
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: key, ConsistentRead: true }));
    return Item ? EventRow.parse(Item).body : body;
  }

  const record = (resultId: string, done: Announced, due: AnnouncementDue | undefined) => {
    const { set, remove, when, values } = marksOf(done);
    const next = due && dueAfter(resultId, due);
    const conditions = [...when, ...(due ? ['due = :due AND attribute_exists(refresh_due)'] : [])];
    return writes.update(
      scheduleKey(resultId),
      { set: { ...set, ...next?.set }, remove: [...remove, ...(next?.remove ?? [])] },
      { when: conditions.join(' AND '), values: { ...values, ...(due && { ':due': due.from }) } },
    );
  };

  return {
    changesAfter: (resultId, after, limit) => changesAfter({ client, table }, resultId, after, limit),

    async storeEvents(resultId, events) {
      const bodies = new Map<string, string>();
      await eachOf(batchesOf(events), async (event) => bodies.set(event.id, await store(resultId, event)));
      return events.map(({ id }) => bodies.get(id) ?? '');
    },

    async announced(resultId, done, due) {
      if (due && (await record(resultId, done, due))) return true;
      if (Object.keys(done).length > 0) await record(resultId, done, undefined);
      return false;
    },
  };
}

const dueAfter = (resultId: string, { again, refreshDue }: AnnouncementDue) => {
  if (again !== undefined && (refreshDue === null || again < refreshDue)) return dueForAnnouncement(again, refreshDue);
  return refreshDue === null ? NOT_DUE : dueForRefresh(resultId, refreshDue);
};

/** The changes that record what was announced, on the condition that no other run recorded it. */
function marksOf({ versions, erasedAt, redaction }: Announced) {
  const set: Record<string, unknown> = {};
  const remove: string[] = [];
  const when: string[] = [];
  const values: Record<string, unknown> = {};
  if (versions) {
    set.announced_until = versions.until;
    when.push('announced_until = :from');
    values[':from'] = versions.from;
  }
  if (erasedAt !== undefined) {
    remove.push('erasure_unannounced');
    when.push('erased_at = :erased_at');
    values[':erased_at'] = erasedAt;
  }
  if (redaction !== undefined) {
    remove.push('redaction_unannounced');
    when.push('redaction_unannounced = :redaction');
    values[':redaction'] = redaction;
  }
  return { set, remove, when, values };
}
