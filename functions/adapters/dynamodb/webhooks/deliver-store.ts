import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { EndpointState } from '../../../domain/webhooks/endpoint.ts';
import type { DeliverStore, UpkeepEnd, Verdict } from '../../../domain/webhooks/ports.ts';
import { FAILURES_TO_OPEN } from '../../../domain/webhooks/retry.ts';
import { deliveryKey } from '../layout/keys.ts';
import { conditionalWrites, UNLESS_WRITTEN, writeId } from '../requests/conditional-writes.ts';
import type { Place } from '../requests/place.ts';
import { updateExpression } from '../requests/update-expression.ts';
import { deliveryOf } from './delivery-row.ts';
import { deliveryWrites } from './delivery-writes.ts';
import { endpointChanges, readEndpoint } from './endpoints.ts';
import { readEvent } from './event-row.ts';
import { dueForUpkeep, FAILURES, slotBy, slotUntil, slotWrite, stateKey, stateOf } from './state-row.ts';

/** The store of dispatched deliveries, for the function that delivers them. */
export function deliverStore(place: Place): DeliverStore {
  const { client, table } = place;
  const writes = conditionalWrites(client, table);

  /** Updates the state whatever it is. @returns it after that; undefined where the condition does not hold. */
  async function updateState(
    endpointId: string,
    { set, ...change }: Parameters<typeof updateExpression>[0],
    when: string,
    values: Readonly<Record<string, unknown>>,
    write: string,
  ): Promise<EndpointState | undefined> {
    const expression = updateExpression({ ...change, set: { ...set, write_id: write } });
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: table,
          Key: stateKey(endpointId),
          UpdateExpression: expression.UpdateExpression,
          ConditionExpression: when,
          ExpressionAttributeNames: expression.names,
          ExpressionAttributeValues: { ...values, ...expression.values },
          ReturnValues: 'ALL_NEW',
        }),
      );
      return Attributes && stateOf(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  return {
    ...deliveryWrites(place),
    ...endpointChanges(place),
    event: (resultId, eventId) => readEvent(place, resultId, eventId),

    async read(endpointId, deliveryId) {
      const [{ endpoint, state }, delivery] = await Promise.all([
        readEndpoint(place, endpointId),
        deliveryId === undefined
          ? undefined
          : client.send(
              new GetCommand({ TableName: table, Key: deliveryKey(endpointId, deliveryId), ConsistentRead: true }),
            ),
      ]);
      return { endpoint, state, delivery: delivery?.Item && deliveryOf(delivery.Item) };
    },

    takeSlot(endpointId, { probeAt }, { number, count, deliveryId, until }, now) {
      const others = Array.from({ length: count }, (_, i) => i).filter((i) => i !== number);
      const write = writeId();
      const isFree = [
        `(attribute_not_exists(${slotUntil(number)}) OR ${slotUntil(number)} <= :now)`,
        ...others.map((i) => `(attribute_not_exists(${slotBy(i)}) OR ${slotBy(i)} <> :by OR ${slotUntil(i)} <= :now)`),
        probeAt === undefined ? 'attribute_not_exists(probe_at)' : 'probe_at = :probe_at',
        'attribute_exists(pk)',
      ];
      const isProbing = probeAt !== undefined && { ':probe_at': probeAt };
      return writes.update(
        stateKey(endpointId),
        { set: { [slotBy(number)]: deliveryId, [slotUntil(number)]: until, [slotWrite(number)]: write } },
        {
          // Other writes of the state can come between a write whose answer was lost and its repetition.
          when: `(${isFree.join(' AND ')}) OR ${slotWrite(number)} = :taken`,
          values: { ':now': now, ':taken': write, ...(others.length > 0 && { ':by': deliveryId }), ...isProbing },
        },
      );
    },

    async freeSlot(endpointId, { number, deliveryId }, verdict, now) {
      const change = verdictChange(verdict, now);
      const { remove } = change;
      const write = writeId();
      const held = await updateState(
        endpointId,
        { ...change, remove: [...remove, slotBy(number), slotUntil(number), slotWrite(number)] },
        `${slotBy(number)} = :by`,
        { ':by': deliveryId },
        write,
      );
      if (held) return held;
      // Another attempt has the slot now, or the answer to the first write was lost: then the verdict is counted.
      const unlessCounted = `attribute_exists(pk) AND (${UNLESS_WRITTEN})`;
      const counted = await updateState(endpointId, change, unlessCounted, { ':write': write }, write);
      return counted ?? (await readEndpoint(place, endpointId)).state;
    },

    markParked: (endpointId, now, before, due) =>
      writes.update(
        stateKey(endpointId),
        { set: { parked_at: now, ...(due !== undefined && dueForUpkeep(due)) } },
        {
          when: 'attribute_exists(pk) AND (attribute_not_exists(parked_at) OR parked_at <= :before)',
          values: { ':before': before },
        },
      ),

    async open(endpointId, probeAt, failedProbes) {
      await writes.update(
        stateKey(endpointId),
        { set: { probe_at: probeAt, failed_probes: failedProbes, ...dueForUpkeep(probeAt) } },
        { when: 'attribute_exists(pk)' },
      );
    },

    claimUpkeep: (endpointId, from, until) =>
      writes.update(
        stateKey(endpointId),
        { set: dueForUpkeep(until) },
        { when: 'due = :from', values: { ':from': from } },
      ),

    finishUpkeep(endpointId, claimed, end, read) {
      const isProbe = end.probeAt !== undefined && read?.probeAt !== undefined;
      const isMark = end.parkedAt === null && read?.parkedAt !== undefined;
      const when = [
        'due = :claimed',
        ...(isProbe ? ['probe_at = :probe_at'] : []),
        ...(isMark ? ['parked_at = :parked_at'] : []),
      ];
      const values = {
        ':claimed': claimed,
        ...(isProbe && { ':probe_at': read.probeAt }),
        ...(isMark && { ':parked_at': read.parkedAt }),
      };
      return writes.update(stateKey(endpointId), upkeepChange(end), { when: when.join(' AND '), values });
    },

    async forget(endpointId) {
      await client.send(new DeleteCommand({ TableName: table, Key: stateKey(endpointId) }));
    },
  };
}

function verdictChange(verdict: Verdict, now: number) {
  if (verdict === 'success') {
    return { set: { last_success: now }, setFirst: {}, add: {}, remove: FAILURES };
  }
  if (verdict === 'failure') return { set: {}, setFirst: { failing_since: now }, add: { failures: 1 }, remove: [] };
  return { set: {}, setFirst: {}, add: {}, remove: [] };
}

function upkeepChange({ due, checkedTo, recovery, parkedAt, probeAt }: UpkeepEnd) {
  const set: Record<string, unknown> = dueForUpkeep(due);
  const remove: string[] = [];
  const put = (name: string, value: unknown) => {
    if (value === null) remove.push(name);
    else set[name] = value;
  };
  put('checked_to', checkedTo);
  put('recovery', recovery);
  put('parked_at', parkedAt);
  put('probe_at', probeAt);
  // A breaker that closes without a probe opens again with the next failure.
  if (probeAt === null) set.failures = FAILURES_TO_OPEN - 1;
  return { set, remove };
}
