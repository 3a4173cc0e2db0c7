import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { eventSk, groupKey, scheduleKey } from '../../functions/adapters/dynamodb/layout/keys.ts';
import { deliverDueIndex } from '../../functions/adapters/dynamodb/webhooks/deliver-due-index.ts';
import { deliverStore } from '../../functions/adapters/dynamodb/webhooks/deliver-store.ts';
import { deliveryLog } from '../../functions/adapters/dynamodb/webhooks/delivery-log.ts';
import { dispatchStore } from '../../functions/adapters/dynamodb/webhooks/dispatch-store.ts';
import { webhookEndpoints } from '../../functions/adapters/dynamodb/webhooks/endpoints.ts';
import { EVENT_TYPES, type EventType, type GroupEvent } from '../../functions/domain/events/event.ts';
import type { StoredEvent } from '../../functions/domain/events/event-bus.ts';
import { actEvent } from '../../functions/domain/events/group-events.ts';
import { deliver } from '../../functions/domain/webhooks/deliver.ts';
import type { ReceivedMessage } from '../../functions/domain/webhooks/delivering.ts';
import type { AttemptResult, Delivery } from '../../functions/domain/webhooks/delivery.ts';
import { dispatch } from '../../functions/domain/webhooks/dispatch.ts';
import type { WebhookEndpoint } from '../../functions/domain/webhooks/endpoint.ts';
import { endpointEvent } from '../../functions/domain/webhooks/endpoint-events.ts';
import type { DeliverMessage } from '../../functions/domain/webhooks/ports.ts';
import { sweepDeliveries } from '../../functions/domain/webhooks/sweep-deliveries.ts';
import { upkeep } from '../../functions/domain/webhooks/upkeep.ts';
import type { Engine } from './engine.ts';

const SWEEP_MS = 60_000;
/** ms after which a message whose worker failed appears again, and how often it is delivered. */
const VISIBILITY_MS = 90_000;
const MAX_RECEIVES = 3;

type Pointer = { readonly resultId: string; readonly eventId: string };
type Body = { readonly dispatch: Pointer } | { readonly deliver: DeliverMessage };
interface Queued {
  readonly at: number;
  readonly body: Body;
  readonly receives: number;
}

/** The death of a worker: at its nth call from now on, before the call is made or after it. All its later calls fail. */
interface Death {
  readonly nth: number;
  readonly when: 'before' | 'after';
  calls: number;
  isDead: boolean;
}
interface State {
  death: Death | undefined;
  died: Death | undefined;
  /** The name of the current key of the box of secrets. */
  key: string;
  isQueueDown: boolean;
  isBusDown: boolean;
  isKeyringBroken: boolean;
  /** Workers that run at once, and a pause before each of their calls. */
  workers: number;
  random: () => number;
  pause: () => Promise<void>;
  /** Whether a message of the queue of deliveries gets lost. */
  loses: (message: DeliverMessage) => boolean;
  nextSweep: number;
}

/** What a receiver got, with the ms since the beginning. */
export interface Received {
  readonly endpointId: string;
  readonly url: string;
  readonly id: string;
  readonly body: string;
  readonly secrets: readonly string[];
  readonly at: number;
}

export const answer = (status: AttemptResult['answer'], more: Partial<AttemptResult> = {}): AttemptResult => ({
  answer: status,
  durationMs: 7,
  retryAfterSeconds: undefined,
  ...more,
});

/** Dispatch, deliver and sweep over a real engine, with queues in virtual time. */
export async function startWebhooks(engine: Engine, options: { readonly slots?: number } = {}) {
  const table = await engine.table();
  const clock = { now: 1_800_000_000_000 };
  const now = () => clock.now;
  const begin = clock.now;
  let queued: Queued[] = [];
  const deadLetters: Body[] = [];
  const received: Received[] = [];
  const announced: StoredEvent[] = [];
  const state: State = {
    death: undefined,
    died: undefined,
    key: 'first',
    isQueueDown: false,
    isBusDown: false,
    isKeyringBroken: false,
    workers: 1,
    random: () => 0.5,
    pause: async () => {},
    loses: () => false,
    nextSweep: begin,
  };

  /** Counts a call of a worker, and lets the worker die at it. */
  async function lives<R>(call: () => Promise<R>): Promise<R> {
    const { death } = state;
    if (death?.isDead) throw new Error('dead');
    await state.pause();
    const isLast = death !== undefined && ++death.calls === death.nth;
    if (isLast) death.isDead = true;
    if (isLast && death.when === 'before') throw new Error('killed');
    const result = await call();
    if (isLast) throw new Error('killed');
    return result;
  }
  const client = new Proxy(engine.client, {
    get: (target, name) =>
      name === 'send' ? (command: PutCommand) => lives(() => target.send(command)) : Reflect.get(target, name),
  });
  const place = { client, table };
  /** The answers of receivers, by URL; 200 where a URL has none. */
  const receivers = new Map<string, (request: Received) => AttemptResult | Promise<AttemptResult>>();
  const send = (body: Body, delayMs = 0) => queued.push({ at: now() + delayMs, body, receives: 0 });

  const queue = {
    send: (messages: readonly DeliverMessage[], delayMs = 0) =>
      lives(async () => {
        if (state.isQueueDown) throw new Error('the queue is down');
        for (const message of messages) if (!state.loses(message)) send({ deliver: message }, delayMs);
      }),
  };
  const bus = {
    send: (events: readonly StoredEvent[]) =>
      lives(async () => {
        if (state.isBusDown) throw new Error('the bus is down');
        announced.push(...events);
        return events.map(() => true);
      }),
  };
  const secrets = {
    seal: async (secret: string, endpointId: string, version: number) =>
      [state.key, endpointId, version, secret].join('/'),
    async open(sealed: string) {
      if (state.isKeyringBroken) throw new Error('unreadable');
      return sealed.split('/')[3] ?? '';
    },
    isCurrent: async (sealed: string) => !state.isKeyringBroken && sealed.startsWith(`${state.key}/`),
  };
  const stores = {
    deliver: deliverStore(place),
    dispatch: dispatchStore(place, now),
    log: deliveryLog(place),
    endpoints: webhookEndpoints(place),
  };
  const deps = {
    get store() {
      return stores.deliver;
    },
    queue,
    bus,
    onUnannounced: () => {},
    secrets,
    slotsPerEndpoint: options.slots ?? 2,
    now,
    random: () => state.random(),
    async sleep(ms: number) {
      clock.now += ms;
    },
    sender: {
      send: (request: Omit<Received, 'at' | 'endpointId'>) =>
        lives(async () => {
          const one = { ...request, endpointId: endpointIds.get(request.url) ?? '', at: now() - begin };
          received.push(one);
          return (await receivers.get(request.url)?.(one)) ?? answer(200);
        }),
    },
  };
  const endpointIds = new Map<string, string>();
  const index = deliverDueIndex(engine.client, table);

  async function handle({ body, receives }: Queued): Promise<void> {
    if ('dispatch' in body) return void (await dispatch({ store: stores.dispatch, queue, now }, body.dispatch));
    const message = body.deliver;
    if (message.deliveryId === undefined) return void (await upkeep(deps, message));
    const one: ReceivedMessage = { ...message, deliveryId: message.deliveryId, receives };
    await deliver(deps, one);
  }

  async function work(one: Queued): Promise<void> {
    const taken = { ...one, receives: one.receives + 1 };
    try {
      await handle(taken);
    } catch {
      if (taken.receives < MAX_RECEIVES) queued.push({ ...taken, at: now() + VISIBILITY_MS });
      else deadLetters.push(one.body);
    } finally {
      if (state.death?.isDead) state.died = state.death;
      if (state.death?.isDead) state.death = undefined;
    }
  }

  /** Leaves out the sweeps that would find nothing due. */
  async function skipIdleSweeps(until: number): Promise<void> {
    const [first] = await index.due(Math.max(until, now()), 1);
    const due = first?.due ?? Number.POSITIVE_INFINITY;
    while (state.nextSweep < due && state.nextSweep <= until) state.nextSweep += SWEEP_MS;
  }

  async function setEnabled(endpointId: string, isEnabled: boolean): Promise<void> {
    const found = await stores.endpoints.get(endpointId);
    if (!found) throw new Error('no such endpoint');
    const endpoint = { ...found.endpoint, isEnabled, disabledReason: undefined };
    const type = isEnabled ? 'webhook_endpoint.updated' : 'webhook_endpoint.disabled';
    await stores.endpoints.replace(endpoint, endpointEvent({ type, endpoint, at: now() }));
  }

  const world = {
    clock,
    begin,
    deps,
    stores,
    state,
    receivers,
    received,
    announced,
    deadLetters,
    place,
    index,
    get queued(): readonly Queued[] {
      return queued;
    },
    /** Sends a message again that was sent before. */
    repeat: (message: DeliverMessage) => send({ deliver: message }),
    /** Creates an endpoint. */
    async endpoint(url: string, eventTypes: readonly EventType[] = EVENT_TYPES): Promise<WebhookEndpoint> {
      const id = `we_${String(endpointIds.size).padStart(22, '0')}`;
      endpointIds.set(url, id);
      const endpoint: WebhookEndpoint = {
        id,
        url,
        description: '',
        eventTypes,
        isEnabled: true,
        disabledReason: undefined,
        secrets: [
          { version: 1, sealed: await secrets.seal('whsec_MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0', id, 1), until: undefined },
        ],
        createdAt: now(),
        updatedAt: now(),
        revision: 1,
      };
      await stores.endpoints.create(endpoint, endpointEvent({ type: 'webhook_endpoint.created', endpoint, at: now() }));
      return endpoint;
    },
    /** Stores an event as the worker does, and puts it on the bus. */
    async publish(event: GroupEvent = actEvent('group.redacted', group(1), 1, now())): Promise<Pointer> {
      const { id, type, data } = event;
      const row = {
        pk: groupKey(data.result_id),
        sk: eventSk(id),
        v: 1,
        type,
        version: data.version,
        body: JSON.stringify(event),
      };
      await engine.client.send(new PutCommand({ TableName: table, Item: row }));
      const pointer = { resultId: data.result_id, eventId: id };
      send({ dispatch: pointer });
      return pointer;
    },
    /** Erases a group, as a fence does: its events are unreadable, and their rows stay a while. */
    async erase(resultId: string): Promise<void> {
      const row = { ...scheduleKey(resultId), v: 1, first_seen: now(), erased_at: now() };
      await engine.client.send(new PutCommand({ TableName: table, Item: row }));
      clock.now++;
    },
    enable: (endpointId: string) => setEnabled(endpointId, true),
    disable: (endpointId: string) => setEnabled(endpointId, false),
    async delete(endpointId: string): Promise<void> {
      const found = await stores.endpoints.get(endpointId);
      if (!found) throw new Error('no such endpoint');
      const { endpoint } = found;
      await stores.endpoints.delete(endpoint, endpointEvent({ type: 'webhook_endpoint.deleted', endpoint, at: now() }));
    },
    redrive: (body: Body) => send(body),
    /** Lets time pass in which nothing runs. */
    jump(ms: number): void {
      clock.now += ms;
      state.nextSweep = clock.now;
    },
    /** Lets time pass: messages arrive, and the sweep runs each minute. */
    async wait(ms: number): Promise<void> {
      const until = clock.now + ms;
      for (;;) {
        const next = queued.reduce<Queued | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);
        if (!next || next.at > state.nextSweep) await skipIdleSweeps(Math.min(next?.at ?? until, until));
        const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, state.nextSweep);
        if (at > until) break;
        clock.now = Math.max(clock.now, at);
        if (next && next.at <= state.nextSweep) {
          const ready = queued.filter((one) => one.at <= clock.now).sort((a, b) => a.at - b.at);
          const some = ready.slice(0, state.workers);
          queued = queued.filter((one) => !some.includes(one));
          await Promise.all(some.map(work));
        } else {
          state.nextSweep += SWEEP_MS;
          await sweepDeliveries({ index, queue, now }, 1000).catch(() => {});
        }
      }
      clock.now = Math.max(clock.now, until);
    },
    /** The deliveries of an endpoint, oldest first. */
    deliveries: async (endpointId: string): Promise<readonly Delivery[]> =>
      (await stores.log.list(endpointId, {}, 1000)).toReversed(),
  };
  return world;
}
export type Webhooks = Awaited<ReturnType<typeof startWebhooks>>;

export const group = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
