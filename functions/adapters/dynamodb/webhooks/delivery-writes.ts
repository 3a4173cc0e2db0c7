import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Delivery } from '../../../domain/webhooks/delivery.ts';
import type { DeliverStore, Ending } from '../../../domain/webhooks/ports.ts';
import { DELIVERIES, DUE_INDEX, deliveryIdOf, deliveryKey, parkedShardOf, webhookKey } from '../layout/keys.ts';
import { type Condition, conditionalWrites } from '../requests/conditional-writes.ts';
import type { Place } from '../requests/place.ts';
import { firstOf } from '../requests/range.ts';
import type { AttributeChanges } from '../requests/update-expression.ts';
import { attemptsText, deliveryOf, dueForDelivery, keptLonger } from './delivery-row.ts';

type Change = Required<Pick<AttributeChanges, 'set' | 'remove'>>;

/** The attributes of a delivery that is due. */
const DUE = ['next_attempt', 'due', 'due_shard'];
const NOT_PARKED = ['due', 'due_shard'];

const isPending = (delivery: Delivery): Condition =>
  delivery.nextAttempt === undefined
    ? { when: 'delivery_status = :pending AND attribute_not_exists(next_attempt)', values: { ':pending': 'pending' } }
    : {
        when: 'delivery_status = :pending AND next_attempt = :next',
        values: { ':pending': 'pending', ':next': delivery.nextAttempt },
      };
/**
 * An attempt, or its end without one, that no other run recorded. Another run can have parked the delivery during the
 * attempt: it read the delivery before the attempt took its slot.
 */
const isUncounted = ({ attemptCount }: Delivery): Condition => ({
  when: 'delivery_status = :pending AND (attempt_count = :count OR attribute_not_exists(attempt_count))',
  values: { ':pending': 'pending', ':count': attemptCount },
});
const isParked = (endpointId: string): Condition => ({
  when: 'due_shard = :parked',
  values: { ':parked': parkedShardOf(endpointId) },
});

/** The writes that move a delivery on. Each is made only where no other run moved it. */
export function deliveryWrites(
  place: Place,
): Pick<DeliverStore, 'finish' | 'park' | 'parked' | 'release' | 'endParked' | 'makeDue' | 'parkAgain' | 'between'> {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);
  const update = (endpointId: string, deliveryId: string, change: Change, condition: Condition) =>
    writes.update(deliveryKey(endpointId, deliveryId), change, condition);

  return {
    finish: (endpointId, delivery, ending) =>
      update(endpointId, delivery.id, changeOf(delivery, ending), isUncounted(delivery)),

    park: (endpointId, delivery) => update(endpointId, delivery.id, parking(endpointId, delivery), isPending(delivery)),

    async parked(endpointId, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: DUE_INDEX,
          KeyConditionExpression: 'due_shard = :shard',
          ExpressionAttributeValues: { ':shard': parkedShardOf(endpointId) },
          Limit: limit,
        }),
      );
      return Items.map(({ sk }) => deliveryIdOf(String(sk)));
    },

    async release(endpointId, deliveryId, now, due) {
      const set = { next_attempt: now, ...dueForDelivery(deliveryId, due) };
      const isMade = await update(endpointId, deliveryId, { set, remove: [] }, isParked(endpointId));
      return isMade ? { endpointId, deliveryId, due: now } : undefined;
    },

    endParked: (endpointId, deliveryId, ending) => update(endpointId, deliveryId, endOf(ending), isParked(endpointId)),

    makeDue: (endpointId, delivery, due) =>
      update(endpointId, delivery.id, { set: dueForDelivery(delivery.id, due), remove: [] }, isPending(delivery)),

    parkAgain(endpointId, delivery, now) {
      const { set, remove } = parking(endpointId, delivery);
      const anew = { delivery_status: 'pending', attempt_count: 0, retries_since: now, ...keptLonger(delivery, now) };
      return update(
        endpointId,
        delivery.id,
        { set: { ...set, ...anew }, remove },
        { when: 'delivery_status = :failed', values: { ':failed': 'failed' } },
      );
    },

    async between(endpointId, after, until, limit) {
      // The mark is a delivery or a bound; `!` makes it exclusive, since it sorts before all characters of an id.
      const first = `${DELIVERIES}${after}!`;
      const all = { pk: webhookKey(endpointId), first, last: `${DELIVERIES}${until}` };
      return (await firstOf(place, all, limit)).map(deliveryOf);
    },
  };
}

const parking = (endpointId: string, { at }: Delivery): Change => ({
  set: { due: at, due_shard: parkedShardOf(endpointId) },
  remove: ['next_attempt'],
});

function changeOf(delivery: Delivery, ending: Ending): Change {
  const { set, remove } = endOf(ending);
  const attempt = 'attempt' in ending ? ending.attempt : undefined;
  const counted = attempt && {
    attempts: attemptsText(delivery.attempts, attempt),
    attempt_count: delivery.attemptCount + 1,
    retries_since: delivery.attemptCount === 0 ? attempt.at : delivery.retriesSince,
  };
  if (ending.status !== 'pending') return { set: { ...set, ...counted }, remove };
  const { nextAttempt, due } = ending;
  const next = { next_attempt: nextAttempt, ...(due !== undefined && dueForDelivery(delivery.id, due)) };
  return { set: { ...set, ...counted, ...next }, remove: due === undefined ? NOT_PARKED : [] };
}

const endOf = (ending: Ending): Change => ({
  set: {
    delivery_status: ending.status,
    ...(ending.status === 'cancelled' && { cancel_reason: ending.reason }),
  },
  remove: ending.status === 'pending' ? [] : DUE,
});
