import type { Swept } from '../refresh/sweep.ts';
import type { DeliverDueIndex, DeliverQueue } from './ports.ts';

export interface SweepDeliveriesDeps {
  readonly index: DeliverDueIndex;
  readonly queue: DeliverQueue;
  /** ms since the epoch. */
  readonly now: () => number;
}

/** Deliveries and upkeeps of endpoints that one sweep queues at most. */
const MAX_DELIVERIES = 1_000;
const MAX_ENDPOINTS = 100;

/**
 * Queues the deliveries and the upkeeps of endpoints that are due, the oldest first. One that is queued twice is delivered
 * once, because a message with another due time than the record is dropped. The next sweep goes on with what is left.
 * @param limit of deliveries.
 * @returns how many messages were queued, and how many seconds the oldest of them is late; 0 where none is due.
 * @throws an Error where the index or the queue fails.
 */
export async function sweepDeliveries(
  { index, queue, now }: SweepDeliveriesDeps,
  limit: number = MAX_DELIVERIES,
): Promise<Swept> {
  const at = now();
  const due = await index.due(at, limit);
  const upkeeps = due.filter(({ deliveryId }) => deliveryId === undefined).slice(0, MAX_ENDPOINTS);
  const deliveries = due.filter(({ deliveryId }) => deliveryId !== undefined);
  // Upkeeps come first: they are few, and release the deliveries of endpoints that work again.
  const messages = [...upkeeps, ...deliveries];
  await queue.send(messages);
  return { queued: messages.length, oldestDueSeconds: Math.max(0, Math.round((at - (due[0]?.due ?? at)) / 1000)) };
}
