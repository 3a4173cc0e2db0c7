import type { StoredEvent } from '../events/event-bus.ts';
import { type DeliveredEvent, type Delivery, deliveryId, KEPT_MS } from './delivery.ts';
import type { DeliverMessage, DeliverQueue, DispatchStore } from './ports.ts';
import { dueOf } from './retry.ts';

export interface DispatchDeps {
  readonly store: DispatchStore;
  readonly queue: DeliverQueue;
  readonly now: () => number;
}

/** How many endpoints an event goes to; undefined where the message points at no event. */
export type Dispatched = { readonly endpoints: number } | undefined;

/**
 * Makes the deliveries of an event, one for each enabled endpoint that takes events of its type, and queues their first
 * attempts. The message that names the event is a pointer alone: what is delivered stands in the event's record. A
 * repeated dispatch adds nothing, and its messages are dropped where the first attempt was made.
 */
export async function dispatch(
  { store, queue, now }: DispatchDeps,
  pointer: { readonly resultId: string; readonly eventId: string },
): Promise<Dispatched> {
  const enabled = (await store.list()).filter(({ isEnabled }) => isEnabled);
  // Most stages have no endpoint at first.
  if (enabled.length === 0) return { endpoints: 0 };
  const event = await store.event(pointer.resultId, pointer.eventId);
  // Of an older event, the delivery may have been made and deleted since.
  if (!event || event.at <= now() - KEPT_MS) return undefined;
  const endpoints = enabled.filter(({ eventTypes }) => eventTypes.includes(event.type));
  const delivery = newDelivery(event, now());
  await Promise.all(endpoints.map(({ id }) => store.add(id, delivery)));
  const messages = endpoints.map(
    ({ id }): DeliverMessage => ({ endpointId: id, deliveryId: delivery.id, due: event.at }),
  );
  if (messages.length > 0) await queue.send(messages);
  return { endpoints: endpoints.length };
}

/** The first attempt is due at the time of the event, so that every dispatch of the event names the same time. */
function newDelivery(event: StoredEvent & DeliveredEvent, now: number): Delivery {
  const { eventId, type, resultId, version, at } = event;
  return {
    ...{ id: deliveryId(event), eventId, type, resultId, version, at },
    status: 'pending',
    cancelReason: undefined,
    attempts: [],
    attemptCount: 0,
    retriesSince: at,
    nextAttempt: at,
    due: dueOf({ at }, at, now),
  };
}
