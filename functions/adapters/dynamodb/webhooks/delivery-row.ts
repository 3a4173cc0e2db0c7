import * as z from 'zod/mini';
import { EVENT_TYPES } from '../../../domain/events/event.ts';
import {
  ATTEMPT_ERRORS,
  type Attempt,
  CANCEL_REASONS,
  DELIVERY_DAYS,
  DELIVERY_STATUSES,
  type Delivery,
  eventOfDelivery,
  MAX_LOGGED,
} from '../../../domain/webhooks/delivery.ts';
import { deliveryIdOf, deliveryKey, deliveryShardOf, expiryAfter, rowBase, SCHEMA } from '../layout/keys.ts';

/** An attempt as a short text: a delivery stays within one write unit. Later code can know further errors. */
const Attempts = z.array(
  z.tuple([z.number(), z.union([z.number(), z.catch(z.enum(ATTEMPT_ERRORS), 'PROTOCOL')]), z.number()]),
);

const DeliveryRow = z.object({
  ...rowBase,
  type: z.enum(EVENT_TYPES),
  result_id: z.string(),
  version: z.number(),
  delivery_status: z.enum(DELIVERY_STATUSES),
  cancel_reason: z.optional(z.enum(CANCEL_REASONS)),
  attempts: z._default(z.string(), '[]'),
  attempt_count: z._default(z.number(), 0),
  retries_since: z.number(),
  next_attempt: z.optional(z.number()),
  due: z.optional(z.number()),
  due_shard: z.optional(z.string()),
});

export function deliveryOf(item: unknown): Delivery {
  const row = DeliveryRow.parse(item);
  const id = deliveryIdOf(row.sk);
  return {
    id,
    ...eventOfDelivery(id),
    type: row.type,
    resultId: row.result_id,
    version: row.version,
    status: row.delivery_status,
    cancelReason: row.cancel_reason,
    attempts: Attempts.parse(JSON.parse(row.attempts)).map(([at, answer, durationMs]) => ({ at, answer, durationMs })),
    attemptCount: row.attempt_count,
    retriesSince: row.retries_since,
    nextAttempt: row.next_attempt,
    // A parked delivery stands in the index by the time of its event.
    due: row.next_attempt === undefined ? undefined : row.due,
  };
}

/** The row of a new delivery. @param now ms since the epoch. */
export const deliveryRow = (endpointId: string, delivery: Delivery, now: number) => ({
  ...deliveryKey(endpointId, delivery.id),
  v: SCHEMA,
  type: delivery.type,
  result_id: delivery.resultId,
  version: delivery.version,
  delivery_status: delivery.status,
  retries_since: delivery.retriesSince,
  ...(delivery.nextAttempt !== undefined && { next_attempt: delivery.nextAttempt }),
  ...(delivery.due !== undefined && dueForDelivery(delivery.id, delivery.due)),
  expires: expiryAfter(now, DELIVERY_DAYS),
});

export const dueForDelivery = (deliveryId: string, due: number) => ({ due, due_shard: deliveryShardOf(deliveryId) });

/** ms for which a delivery stays at least that is sent again: its retries take three days. */
const KEPT_LONGER_MS = 4 * 86_400_000;
/** The expiry of a delivery that is sent again. @param now ms since the epoch. */
export const keptLonger = ({ at }: Pick<Delivery, 'at'>, now: number) => ({
  expires: Math.max(expiryAfter(at, DELIVERY_DAYS), expiryAfter(now + KEPT_LONGER_MS, 0)),
});

/** The log of attempts with a further one. */
export const attemptsText = (attempts: readonly Attempt[], attempt: Attempt): string =>
  JSON.stringify(
    [...attempts, attempt].slice(-MAX_LOGGED).map(({ at, answer, durationMs }) => [at, answer, durationMs]),
  );
