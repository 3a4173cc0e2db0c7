import * as z from 'zod/mini';
import { GroupEvent } from '../../../domain/events/event.ts';
import type { StoredEvent } from '../../../domain/events/event-bus.ts';
import type { DeliveredEvent } from '../../../domain/webhooks/delivery.ts';
import { EventRow } from '../layout/event-row.ts';
import { eventSk, groupKey, scheduleKey } from '../layout/keys.ts';
import { batchGet } from '../requests/batch-get.ts';
import type { Place } from '../requests/place.ts';

const Key = z.object({ pk: z.string(), sk: z.string() });
const ErasureRow = z.object({ erased_at: z.optional(z.number()) });

/** Whether an event is one of an erased group. The event of the erasure itself stays. @param schedule the group's row. */
function isErased({ type, at }: Pick<DeliveredEvent, 'type' | 'at'>, schedule: unknown): boolean {
  const erasedAt = schedule === undefined ? undefined : ErasureRow.parse(schedule).erased_at;
  return type !== 'group.erased' && erasedAt !== undefined && at <= erasedAt;
}

/**
 * Reads the event that a delivery or a message points at. An erasure makes a group's events unreadable at once, and deletes
 * their rows soon after.
 * @returns undefined where it has no row, or where its group was erased since. The event of the erasure itself stays.
 */
export async function readEvent(
  { client, table }: Place,
  resultId: string,
  eventId: string,
): Promise<(StoredEvent & DeliveredEvent) | undefined> {
  const schedule = scheduleKey(resultId);
  const rows = await batchGet(client, table, [{ pk: groupKey(resultId), sk: eventSk(eventId) }, schedule]);
  const row = rows.find(({ sk }) => sk !== schedule.sk);
  if (!row) return undefined;
  const { body } = EventRow.parse(row);
  const { id, type, timestamp, data } = GroupEvent.parse(JSON.parse(body));
  const at = Date.parse(timestamp);
  const found = rows.find(({ sk }) => sk === schedule.sk);
  if (isErased({ type, at }, found)) return undefined;
  return { id, type, timestamp, body, eventId: id, resultId, version: data.version, at };
}

/** Returns the ids of those of some events that `readEvent` finds. */
export async function existingEvents(
  { client, table }: Place,
  events: readonly DeliveredEvent[],
): Promise<ReadonlySet<string>> {
  const nameOf = ({ pk, sk }: z.output<typeof Key>) => `${pk} ${sk}`;
  const keyOf = ({ resultId, eventId }: DeliveredEvent) => ({ pk: groupKey(resultId), sk: eventSk(eventId) });
  const keys = events.flatMap((event) => [keyOf(event), scheduleKey(event.resultId)]);
  const rows = await batchGet(client, table, [...new Map(keys.map((key) => [nameOf(key), key])).values()]);
  const found = new Map(rows.map((row) => [nameOf(Key.parse(row)), row]));
  return new Set(
    events
      .filter((event) => found.has(nameOf(keyOf(event))))
      .filter((event) => !isErased(event, found.get(nameOf(scheduleKey(event.resultId)))))
      .map(({ eventId }) => eventId),
  );
}
