import type { StoredEvent } from '../../../functions/domain/events/event-bus.ts';
import type { DeliveredEvent, Delivery } from '../../../functions/domain/webhooks/delivery.ts';
import type { EndpointState, Slot, WebhookEndpoint } from '../../../functions/domain/webhooks/endpoint.ts';
import type { DeliverMessage, DeliverStore, Ending } from '../../../functions/domain/webhooks/ports.ts';
import { FAILURES_TO_OPEN } from '../../../functions/domain/webhooks/retry.ts';
import type { Clock } from './clock.ts';
import type { Stores } from './world.ts';

type Change = Partial<Omit<Delivery, 'id'>>;
type Event = StoredEvent & DeliveredEvent;

const NEW_STATE: EndpointState = {
  ...{ slots: [], failures: 0, failingSince: undefined, lastSuccess: undefined, probeAt: undefined, failedProbes: 0 },
  ...{ parkedAt: undefined, checkedTo: '', recovery: undefined, due: undefined },
};

/**
 * The store of deliveries in memory: in virtual time, each request takes as long as DynamoDB's.
 * @param latency ms of a request, and ms by which the index of parked deliveries is behind.
 */
export function memoryStores(
  clock: Clock,
  { requestMs, indexMs }: { readonly requestMs: number; readonly indexMs: number },
): Stores {
  const endpoints = new Map<string, WebhookEndpoint>();
  const states = new Map<string, EndpointState>();
  const events = new Map<string, Event>();
  const deliveries = new Map<string, Map<string, Delivery>>();
  const parkedIn = new Map<string, Map<string, { readonly parked: number; released: number }>>();
  const request = () => clock.sleep(requestMs);
  const of = (endpointId: string) => deliveries.get(endpointId) ?? new Map<string, Delivery>();
  const entries = (endpointId: string) => {
    const found = parkedIn.get(endpointId) ?? new Map<string, { readonly parked: number; released: number }>();
    parkedIn.set(endpointId, found);
    return found;
  };
  const stateOf = (endpointId: string) => states.get(endpointId) ?? NEW_STATE;

  function setState(endpointId: string, change: Partial<EndpointState>): EndpointState {
    const changed = { ...stateOf(endpointId), ...change };
    states.set(endpointId, changed);
    return changed;
  }
  function change(endpointId: string, id: string, made: Change, holds: (current: Delivery) => boolean): boolean {
    const current = of(endpointId).get(id);
    if (!current || !holds(current)) return false;
    of(endpointId).set(id, { ...current, ...made });
    return true;
  }
  const isPending =
    ({ nextAttempt }: Delivery) =>
    (current: Delivery) =>
      current.status === 'pending' && current.nextAttempt === nextAttempt;
  const isUncounted =
    ({ attemptCount }: Delivery) =>
    (current: Delivery) =>
      current.status === 'pending' && current.attemptCount === attemptCount;
  const isParked = ({ status, nextAttempt }: Delivery) => status === 'pending' && nextAttempt === undefined;

  function withSlot(endpointId: string, number: number, slot: Slot | undefined): readonly (Slot | undefined)[] {
    const { slots } = stateOf(endpointId);
    return Array.from({ length: Math.max(slots.length, number + 1) }, (_, i) => (i === number ? slot : slots[i]));
  }

  const event = async (_: string, eventId: string) => {
    await request();
    return events.get(eventId);
  };

  const deliver: DeliverStore = {
    event,
    replace: async () => true,
    unannounced: async () => [],
    announced: async () => {},
    async read(endpointId, deliveryId) {
      await request();
      const delivery = deliveryId === undefined ? undefined : of(endpointId).get(deliveryId);
      return { endpoint: endpoints.get(endpointId), state: stateOf(endpointId), delivery };
    },
    async takeSlot(endpointId, { probeAt }, { number, deliveryId, until }, now) {
      await request();
      const { slots, ...state } = stateOf(endpointId);
      const isTaken = slots.some(
        (slot, i) => slot && slot.until > now && (i === number || slot.deliveryId === deliveryId),
      );
      if (isTaken || state.probeAt !== probeAt) return false;
      setState(endpointId, { slots: withSlot(endpointId, number, { deliveryId, until }) });
      return true;
    },
    async freeSlot(endpointId, { number, deliveryId }, verdict, now) {
      await request();
      const { slots, failures, failingSince } = stateOf(endpointId);
      const isHeld = slots[number]?.deliveryId === deliveryId;
      return setState(endpointId, {
        ...(isHeld && { slots: withSlot(endpointId, number, undefined) }),
        ...(verdict === 'success' && {
          ...{ lastSuccess: now, failures: 0, failingSince: undefined, probeAt: undefined, failedProbes: 0 },
        }),
        ...(verdict === 'failure' && { failures: failures + 1, failingSince: failingSince ?? now }),
      });
    },
    async finish(endpointId, delivery, ending) {
      await request();
      return change(endpointId, delivery.id, changeOf(delivery, ending), isUncounted(delivery));
    },
    async park(endpointId, delivery) {
      await request();
      const isMade = change(endpointId, delivery.id, { nextAttempt: undefined, due: undefined }, isPending(delivery));
      if (isMade) entries(endpointId).set(delivery.id, { parked: clock.now(), released: Number.POSITIVE_INFINITY });
      return isMade;
    },
    async markParked(endpointId, now, before, due) {
      await request();
      if ((stateOf(endpointId).parkedAt ?? before) > before) return false;
      setState(endpointId, { parkedAt: now, ...(due !== undefined && { due }) });
      return true;
    },
    async parked(endpointId, limit) {
      await request();
      const seen = clock.now() - indexMs;
      const all = [...entries(endpointId)];
      for (const [id, { released }] of all) if (released <= seen) entries(endpointId).delete(id);
      const visible = all.filter(([, { parked, released }]) => parked <= seen && released > seen);
      return visible
        .map(([id]) => id)
        .sort()
        .slice(0, limit);
    },
    async release(endpointId, deliveryId, now, due) {
      await request();
      if (!change(endpointId, deliveryId, { nextAttempt: now, due }, isParked)) return undefined;
      const entry = entries(endpointId).get(deliveryId);
      if (entry) entry.released = clock.now();
      return { endpointId, deliveryId, due: now };
    },
    async open(endpointId, probeAt, failedProbes) {
      await request();
      setState(endpointId, { probeAt, failedProbes, due: probeAt });
    },
    async claimUpkeep(endpointId, from, until) {
      await request();
      if (stateOf(endpointId).due !== from) return false;
      setState(endpointId, { due: until });
      return true;
    },
    async finishUpkeep(endpointId, claimed, { due, checkedTo, parkedAt, probeAt }) {
      await request();
      if (stateOf(endpointId).due !== claimed) return false;
      setState(endpointId, {
        due,
        ...(checkedTo !== undefined && { checkedTo }),
        ...(parkedAt !== undefined && { parkedAt: parkedAt ?? undefined }),
        ...(probeAt !== undefined && { probeAt: probeAt ?? undefined }),
        ...(probeAt === null && { failures: FAILURES_TO_OPEN - 1 }),
      });
      return true;
    },
    async between(endpointId, after, until, limit) {
      await request();
      const found = [...of(endpointId).values()].filter(({ id }) => id > after && id <= until);
      return found.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, limit);
    },
    async makeDue(endpointId, delivery, due) {
      await request();
      return change(endpointId, delivery.id, { due }, isPending(delivery));
    },
    parkAgain: notUsed,
    endParked: notUsed,
    forget: notUsed,
  };

  return {
    deliver,
    dispatch: {
      event,
      async list() {
        await request();
        return [...endpoints.values()];
      },
      async add(endpointId, delivery) {
        await request();
        const own = of(endpointId);
        if (!own.has(delivery.id)) own.set(delivery.id, delivery);
      },
    },
    index: {
      async due(now) {
        await request();
        const messages: DeliverMessage[] = [];
        for (const [endpointId, { due }] of states) {
          if (due !== undefined && due <= now) messages.push({ endpointId, due });
        }
        for (const [endpointId, own] of deliveries) {
          for (const { id, status, due } of own.values()) {
            if (status === 'pending' && due !== undefined && due <= now)
              messages.push({ endpointId, deliveryId: id, due });
          }
        }
        return messages.sort((a, b) => a.due - b.due);
      },
    },
    async addEndpoint(endpoint) {
      endpoints.set(endpoint.id, endpoint);
      deliveries.set(endpoint.id, new Map());
    },
    async addEvents(all) {
      for (const { id, type, timestamp, data, ...rest } of all) {
        const body = JSON.stringify({ id, type, timestamp, data, ...rest });
        const { result_id: resultId, version } = data;
        events.set(id, { ...{ id, type, timestamp, body, resultId, version }, eventId: id, at: Date.parse(timestamp) });
      }
    },
  };
}

const notUsed = async (): Promise<never> => {
  throw new Error('no measurement does this');
};

function changeOf(delivery: Delivery, ending: Ending): Change {
  const attempt = 'attempt' in ending ? ending.attempt : undefined;
  const isFirst = delivery.attemptCount === 0;
  return {
    status: ending.status,
    nextAttempt: ending.status === 'pending' ? ending.nextAttempt : undefined,
    due: ending.status === 'pending' ? ending.due : undefined,
    ...(attempt && {
      attempts: [...delivery.attempts, attempt],
      attemptCount: delivery.attemptCount + 1,
      retriesSince: isFirst ? attempt.at : delivery.retriesSince,
    }),
  };
}
