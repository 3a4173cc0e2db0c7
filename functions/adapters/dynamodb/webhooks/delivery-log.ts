import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { DeliveryLog } from '../../../domain/webhooks/ports.ts';
import { DELIVERIES, deliveryKey, webhookKey } from '../layout/keys.ts';
import { conditionalWrites } from '../requests/conditional-writes.ts';
import type { Place } from '../requests/place.ts';
import { firstOf, withPrefix } from '../requests/range.ts';
import { deliveryOf, dueForDelivery, keptLonger } from './delivery-row.ts';
import { existingEvents } from './event-row.ts';
import { dueForUpkeep, stateKey } from './state-row.ts';

const MINUTE_MS = 60_000;

/** The log of deliveries, for the routes that show it and send deliveries again. */
export function deliveryLog(place: Place): DeliveryLog {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  return {
    async get(endpointId, deliveryId) {
      const Key = deliveryKey(endpointId, deliveryId);
      const { Item } = await client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
      return Item && deliveryOf(Item);
    },

    async list(endpointId, { before, from = '' }, limit) {
      const all = withPrefix(webhookKey(endpointId), DELIVERIES);
      const kept = {
        ...all,
        first: `${DELIVERIES}${from}`,
        ...(before !== undefined && { last: `${DELIVERIES}${before}` }),
      };
      // `before` itself is not wanted, and can be the first one.
      const rows = await firstOf(place, kept, limit + 1, { ScanIndexForward: false, ConsistentRead: false });
      return rows
        .map(deliveryOf)
        .filter(({ id }) => id !== before)
        .slice(0, limit);
    },

    resend(endpointId, delivery, now) {
      const { id, status, nextAttempt } = delivery;
      const isUnchanged = nextAttempt === undefined ? 'attribute_not_exists(next_attempt)' : 'next_attempt = :next';
      return writes.update(
        deliveryKey(endpointId, id),
        {
          set: {
            delivery_status: 'pending',
            attempt_count: 0,
            retries_since: now,
            next_attempt: now,
            ...keptLonger(delivery, now),
            ...dueForDelivery(id, now + MINUTE_MS),
          },
          remove: ['cancel_reason'],
        },
        {
          when: `delivery_status = :status AND ${isUnchanged}`,
          values: { ':status': status, ...(nextAttempt !== undefined && { ':next': nextAttempt }) },
        },
      );
    },

    async countResend(endpointId, max, now) {
      const minute = Math.floor(now / MINUTE_MS);
      const another = () =>
        writes.update(
          stateKey(endpointId),
          { set: {}, add: { resends: 1 } },
          // Of another function's clock that is ahead, too.
          { when: 'resend_minute >= :minute AND resends < :max', values: { ':minute': minute, ':max': max } },
        );
      const first = () =>
        writes.update(
          stateKey(endpointId),
          { set: { resend_minute: minute, resends: 1 } },
          {
            when: 'attribute_exists(pk) AND (attribute_not_exists(resend_minute) OR resend_minute < :minute)',
            values: { ':minute': minute },
          },
        );
      // Two first ones of a minute: the later one is another.
      return (await another()) || (await first()) || (await another());
    },

    countTest: (endpointId, intervalMs, now) =>
      writes.update(
        stateKey(endpointId),
        { set: { tested_at: now } },
        {
          when: 'attribute_exists(pk) AND (attribute_not_exists(tested_at) OR tested_at <= :before)',
          values: { ':before': now - intervalMs },
        },
      ),

    recover: (endpointId, recovery, now) =>
      writes.update(
        stateKey(endpointId),
        { set: { recovery, ...dueForUpkeep(now) } },
        { when: 'attribute_exists(pk) AND attribute_not_exists(recovery)' },
      ),

    existing: (events) => existingEvents(place, events),
  };
}
