import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverStore } from '../../../../../functions/adapters/dynamodb/webhooks/deliver-store.ts';
import { actEvent } from '../../../../../functions/domain/events/group-events.ts';
import { deliver } from '../../../../../functions/domain/webhooks/deliver.ts';
import { dispatch } from '../../../../../functions/domain/webhooks/dispatch.ts';
import type { DeliverMessage } from '../../../../../functions/domain/webhooks/ports.ts';
import { upkeep } from '../../../../../functions/domain/webhooks/upkeep.ts';
import { type Engine, losingAnswers, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { answer, group, startWebhooks, type Webhooks } from '../../../../fakes/webhooks.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const A = 'https://a.example.com/hook';
const B = 'https://b.example.com/hook';
let engine: Engine;
let world: Webhooks;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  world = await startWebhooks(engine);
});

const eventOf = (number: number, version = 1) => actEvent('group.redacted', group(number), version, world.clock.now);
const publish = (number: number, version = 1) => world.publish(eventOf(number, version));
const attemptsAt = (url: string) => world.received.filter((one) => one.url === url).map(({ at }) => at);
const statuses = async (id: string) => (await world.deliveries(id)).map(({ status }) => status);

describe('an event', () => {
  it('is delivered once to each enabled endpoint that takes its type', async () => {
    const a = await world.endpoint(A);
    await world.endpoint(B, ['group.settled']);
    const { eventId } = await publish(1);
    await world.wait(SECOND);
    expect(world.received.map(({ url, id }) => [url, id])).toEqual([[A, eventId]]);
    expect(await world.deliveries(a.id)).toMatchObject([
      {
        status: 'delivered',
        eventId,
        attempts: [{ answer: 200, durationMs: 7 }],
        nextAttempt: undefined,
        due: undefined,
      },
    ]);
    await world.wait(HOUR);
    expect(world.received).toHaveLength(1);
  });

  it('is dropped where it has no record, so a forged message is never signed', async () => {
    await world.endpoint(A);
    const pointer = await publish(1);
    await world.wait(SECOND);
    const forged = { resultId: group(2), eventId: pointer.eventId };
    const deps = { store: world.stores.dispatch, queue: world.deps.queue, now: world.deps.now };
    expect(await dispatch(deps, forged)).toBeUndefined();
    expect(await dispatch(deps, pointer)).toEqual({ endpoints: 1 });
    await world.wait(HOUR);
    expect(world.received).toHaveLength(1);
  });

  it('is tried again, first by a message and later by the sweep, until it is delivered', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, ({ at }) => answer(at < 3 * HOUR ? 500 : 200));
    await publish(1);
    await world.wait(9 * HOUR);
    const minutes = attemptsAt(A).map((at) => Math.round(at / MINUTE));
    expect(minutes).toEqual([0, 0, 5, 36, 156, 456]);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'delivered', attemptCount: 6, due: undefined }]);
  });

  it('fails where three days of attempts failed', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(500));
    await publish(1);
    await world.wait(MINUTE);
    world.jump(3 * DAY);
    await world.wait(10 * MINUTE);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'failed', nextAttempt: undefined, due: undefined }]);
  });

  it('waits as long as the receiver demands, at most a day', async () => {
    await world.endpoint(A);
    let first = true;
    world.receivers.set(A, () => {
      const demanding = answer(429, { retryAfterSeconds: 600 });
      const result = first ? demanding : answer(204);
      first = false;
      return result;
    });
    await publish(1);
    await world.wait(HOUR);
    expect(attemptsAt(A).map((at) => Math.round(at / SECOND))).toEqual([0, 600]);
    world.receivers.set(A, ({ at }) => answer(at < 90 * MINUTE ? 503 : 200, { retryAfterSeconds: 999_999 }));
    await publish(2);
    await world.wait(HOUR);
    world.jump(DAY - 2 * HOUR);
    await world.wait(2 * HOUR);
    const later = attemptsAt(A).slice(2);
    expect(later.map((at) => Math.round((at - HOUR) / HOUR))).toEqual([0, 24]);
  });

  it('fails at once where the receiver answers 410, which disables the endpoint', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(410));
    await publish(1);
    await world.wait(SECOND);
    expect(await statuses(a.id)).toEqual(['failed']);
    expect((await world.stores.endpoints.get(a.id))?.endpoint).toMatchObject({
      isEnabled: false,
      disabledReason: 'GONE',
    });
    expect(world.announced.map(({ type }) => type)).toEqual(['webhook_endpoint.created', 'webhook_endpoint.disabled']);
    await publish(2);
    await world.wait(HOUR);
    expect(world.received).toHaveLength(1);
    expect(await statuses(a.id)).toEqual(['failed']);
  });

  it('fails where the receiver redirects, and is not sent elsewhere', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(307));
    await publish(1);
    await world.wait(SECOND);
    expect(world.received).toHaveLength(1);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'pending', attempts: [{ answer: 307 }] }]);
  });

  it('fails without a request where its endpoint was disabled before the retry', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(500));
    await publish(1);
    await world.wait(SECOND);
    const found = await world.stores.endpoints.get(a.id);
    if (!found) throw new Error('no such endpoint');
    await world.stores.endpoints.replace({ ...found.endpoint, isEnabled: false }, undefined);
    await world.wait(HOUR);
    expect(world.received).toHaveLength(1);
    expect(await statuses(a.id)).toEqual(['failed']);
  });

  it('is sent to no endpoint after its group was erased, except the event of the erasure', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(500));
    const { resultId } = await publish(1);
    await world.wait(MINUTE);
    const before = world.received.length;
    world.receivers.delete(A);
    await world.erase(resultId);
    // The rows of the events are still there.
    expect(await world.stores.log.existing(await world.deliveries(a.id))).toEqual(new Set());
    await world.publish(actEvent('group.erased', resultId, 1, world.clock.now));
    await world.wait(HOUR);
    expect(world.received.slice(before).map(({ body }) => JSON.parse(body).type)).toEqual(['group.erased']);
    expect(await world.deliveries(a.id)).toMatchObject([
      { status: 'cancelled', cancelReason: 'ERASED' },
      { status: 'delivered' },
    ]);
  });
});

describe('an endpoint that fails', () => {
  const publishAll = async (from: number, count: number) => {
    for (let i = 0; i < count; i++) await publish(from + i);
  };

  it('is paused after five failures: one probe is sent, the others wait without an attempt, and success releases them', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(503));
    await publishAll(0, 40);
    await world.wait(10 * MINUTE);
    // Five failures open the breaker; probes follow after 10, 20, 40, … s.
    expect(world.received.length).toBeLessThan(16);
    const waiting = (await world.deliveries(a.id)).filter(({ attemptCount }) => attemptCount === 0);
    expect(waiting.length).toBeGreaterThan(25);
    expect(waiting.every(({ status, nextAttempt }) => status === 'pending' && nextAttempt === undefined)).toBe(true);
    world.receivers.delete(A);
    await world.wait(16 * MINUTE);
    expect(new Set(await statuses(a.id))).toEqual(new Set(['delivered']));
    expect((await world.stores.endpoints.get(a.id))?.state).toMatchObject({
      probeAt: undefined,
      failures: 0,
      parkedAt: undefined,
    });
  });

  it('is disabled after five days of nothing but failures, and what failed can be recovered', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer('CONNECT'));
    for (let i = 0; i < 8; i++) await publish(i);
    await world.wait(10 * MINUTE);
    world.jump(5 * DAY);
    await publish(9);
    await world.wait(20 * MINUTE);
    const disabled = await world.stores.endpoints.get(a.id);
    expect(disabled?.endpoint).toMatchObject({ isEnabled: false, disabledReason: 'FAILING' });
    expect(new Set(await statuses(a.id))).toEqual(new Set(['failed']));
    world.receivers.delete(A);
    await world.enable(a.id);
    expect(
      await world.stores.log.recover(
        a.id,
        { since: world.begin, until: world.clock.now, after: undefined },
        world.clock.now,
      ),
    ).toBe(true);
    expect(
      await world.stores.log.recover(
        a.id,
        { since: world.begin, until: world.clock.now, after: undefined },
        world.clock.now,
      ),
    ).toBe(false);
    const before = world.received.length;
    await world.wait(HOUR);
    const again = world.received.slice(before).map(({ id }) => id);
    expect(again.length).toBe(new Set(again).size);
    expect(new Set(await statuses(a.id))).toEqual(new Set(['delivered']));
  });

  it('is probed with the next delivery where the probe was cancelled', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(503));
    for (let i = 0; i < 12; i++) await publish(i);
    await world.wait(MINUTE);
    for (let i = 0; i < 11; i++) await world.erase(group(i));
    world.receivers.delete(A);
    await world.wait(20 * MINUTE);
    expect((await statuses(a.id)).toSorted()).toEqual([...Array(11).fill('cancelled'), 'delivered']);
  });
});

describe('a delivery whose message is lost', () => {
  it('is delivered after the upkeep made it due', async () => {
    const a = await world.endpoint(A);
    world.state.loses = ({ deliveryId }) => deliveryId !== undefined;
    await publish(1);
    await world.wait(SECOND);
    world.state.loses = () => false;
    await world.wait(30 * MINUTE);
    expect(await statuses(a.id)).toEqual(['delivered']);
    expect(world.received).toHaveLength(1);
  });

  it('is delivered after a queue that was down for ten minutes is back', async () => {
    const a = await world.endpoint(A);
    world.state.isQueueDown = true;
    for (let i = 0; i < 5; i++) {
      await publish(i);
      await world.wait(2 * MINUTE);
    }
    world.state.isQueueDown = false;
    for (const body of world.deadLetters.splice(0)) if ('dispatch' in body) await world.redrive(body);
    await world.wait(40 * MINUTE);
    expect(await statuses(a.id)).toEqual(Array(5).fill('delivered'));
  });

  it('is delivered while every second message is lost and every other one comes twice', async () => {
    const a = await world.endpoint(A);
    let nth = 0;
    world.state.loses = (message) => {
      if (nth++ % 2 === 0) return true;
      world.repeat(message);
      return false;
    };
    let failing = 0;
    world.receivers.set(A, () => answer(failing++ % 3 === 0 ? 500 : 200));
    for (let i = 0; i < 20; i++) await publish(i);
    await world.wait(6 * HOUR);
    expect(new Set(await statuses(a.id))).toEqual(new Set(['delivered']));
  });
});

describe('two workers', () => {
  it('count an attempt though the other one, which had read the delivery before, parks it meanwhile', async () => {
    const { id } = await world.endpoint(A);
    world.receivers.set(A, async () => {
      const [delivery] = await world.deliveries(id);
      if (delivery) expect(await world.stores.deliver.park(id, delivery)).toBe(true);
      return answer(200);
    });
    await publish(1);
    await world.wait(HOUR);
    expect(world.received).toHaveLength(1);
    expect(await world.deliveries(id)).toMatchObject([
      { status: 'delivered', attemptCount: 1, due: undefined, nextAttempt: undefined },
    ]);
  });

  it('make one attempt where the same message comes twice at once', async () => {
    const a = await world.endpoint(A);
    await publish(1);
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    world.receivers.set(A, () => promise);
    world.state.loses = () => true;
    await world.wait(1);
    const [delivery] = await world.deliveries(a.id);
    const message = {
      endpointId: a.id,
      deliveryId: delivery?.id ?? '',
      due: delivery?.nextAttempt ?? 0,
      receives: 1,
    };
    const both = [deliver(world.deps, message), deliver(world.deps, message)];
    while (world.received.length === 0) await new Promise((done) => setTimeout(done, 5));
    await new Promise((done) => setTimeout(done, 50));
    resolve(answer(200));
    const kinds = (await Promise.all(both)).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['dropped', 'ended']);
    expect(world.received).toHaveLength(1);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'delivered', attemptCount: 1 }]);
  });

  it('send no more than a quarter of all at once to one endpoint, and deliver the others afterwards', async () => {
    const a = await world.endpoint(A);
    for (let i = 0; i < 12; i++) await publish(i);
    // The receiver answers once every other worker has ended.
    const ended: string[] = [];
    world.receivers.set(A, async () => {
      while (ended.length < 10) await new Promise((done) => setTimeout(done, 5));
      return answer(200);
    });
    world.state.loses = () => true;
    await world.wait(1);
    world.state.loses = () => false;
    const deps = { ...world.deps, sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms / 10)) };
    const all = (await world.deliveries(a.id)).map(async (one) => {
      const { kind } = await deliver(deps, {
        endpointId: a.id,
        deliveryId: one.id,
        due: one.nextAttempt ?? 0,
        receives: 1,
      });
      ended.push(kind);
    });
    await Promise.all(all);
    expect(ended.slice(0, 10)).toEqual(Array(10).fill('parked'));
    await world.wait(10 * MINUTE);
    expect(await statuses(a.id)).toEqual(Array(12).fill('delivered'));
    expect(world.received).toHaveLength(12);
  });

  it('leave no delivery parked where the last attempt ends while it is parked', async () => {
    const one = await startWebhooks(engine, { slots: 1 });
    const a = await one.endpoint(A);
    for (let i = 0; i < 2; i++) await one.publish(actEvent('group.redacted', group(i), 1, one.clock.now));
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    one.receivers.set(A, () => promise);
    one.state.loses = () => true;
    await one.wait(1);
    one.state.loses = () => false;
    const [first, second] = (await one.deliveries(a.id)).map((delivery) => ({
      ...{ endpointId: a.id, deliveryId: delivery.id, due: delivery.nextAttempt ?? 0, receives: 1 },
    }));
    if (!first || !second) throw new Error('there are two deliveries');
    const underWay = deliver(one.deps, first);
    while (one.received.length === 0) await new Promise((done) => setTimeout(done, 5));
    const store: typeof one.stores.deliver = {
      ...one.stores.deliver,
      async park(...of) {
        const isMade = await one.stores.deliver.park(...of);
        resolve(answer(200));
        await underWay;
        return isMade;
      },
    };
    expect(await deliver({ ...one.deps, store }, second)).toEqual({ kind: 'parked' });
    await one.wait(SECOND);
    expect((await one.deliveries(a.id)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  /** A delivery whose first message is in the hands of the test. */
  const held = async () => {
    const { id } = await world.endpoint(A);
    await publish(1);
    world.state.loses = () => true;
    await world.wait(1);
    world.state.loses = () => false;
    const [delivery] = await world.deliveries(id);
    const message = { endpointId: id, deliveryId: delivery?.id ?? '', due: delivery?.nextAttempt ?? 0 };
    return { id, message };
  };

  it('that died with all slots of an endpoint block it for 40 s', async () => {
    const a = await world.endpoint(A);
    const { state } = (await world.stores.endpoints.get(a.id)) ?? {};
    if (!state) throw new Error('no such endpoint');
    const { now } = world.clock;
    for (const number of [0, 1]) {
      const slot = { number, count: 2, deliveryId: `dlv_${number}`, until: now + 40_000 };
      expect(await world.stores.deliver.takeSlot(a.id, state, slot, now)).toBe(true);
    }
    await publish(1);
    await world.wait(20 * SECOND);
    expect(world.received).toHaveLength(0);
    await world.wait(10 * MINUTE);
    expect(await statuses(a.id)).toEqual(['delivered']);
  });

  it('count no attempt that ends after its slot, when another worker has it', async () => {
    const { id, message } = await held();
    const { promise, resolve } = Promise.withResolvers<ReturnType<typeof answer>>();
    world.receivers.set(A, () => promise);
    const slow = deliver(world.deps, { ...message, receives: 1 });
    while (world.received.length === 0) await new Promise((done) => setTimeout(done, 5));
    world.clock.now += MINUTE;
    expect(await deliver(world.deps, { ...message, receives: 2 })).toMatchObject({ kind: 'ended' });
    resolve(answer(200));
    expect(await slow).toMatchObject({ kind: 'dropped' });
    expect(await world.deliveries(id)).toMatchObject([
      { status: 'pending', attemptCount: 1, attempts: [{ answer: 'INTERRUPTED' }] },
    ]);
  });

  it('count an attempt as interrupted where a worker died during it, which its slot shows', async () => {
    const { id, message } = await held();
    const { state } = await world.stores.deliver.read(id);
    if (!state) throw new Error('the endpoint has a state');
    const until = world.clock.now + 40_000;
    const slot = { number: 0, count: 2, deliveryId: message.deliveryId, until };
    expect(await world.stores.deliver.takeSlot(id, state, slot, world.clock.now)).toBe(true);
    expect((await deliver(world.deps, { ...message, receives: 2 })).kind).toBe('dropped');
    world.clock.now += 90_000;
    await deliver(world.deps, { ...message, receives: 2 });
    expect(world.received).toHaveLength(0);
    await world.wait(MINUTE);
    expect(await world.deliveries(id)).toMatchObject([
      { status: 'delivered', attemptCount: 2, attempts: [{ answer: 'INTERRUPTED' }, { answer: 200 }] },
    ]);
  });

  it('make the first attempt with a message that came twice, where no worker began it', async () => {
    const { id, message } = await held();
    await deliver(world.deps, { ...message, receives: 2 });
    expect(await world.deliveries(id)).toMatchObject([{ status: 'delivered', attemptCount: 1 }]);
  });

  it('count an attempt as interrupted with a message that came three times', async () => {
    const { id, message } = await held();
    await deliver(world.deps, { ...message, receives: 3 });
    expect(await world.deliveries(id)).toMatchObject([{ status: 'pending', attempts: [{ answer: 'INTERRUPTED' }] }]);
  });
});

describe('while no signing secret can be read', () => {
  it('deliveries wait without an attempt, and go out once one can', async () => {
    const a = await world.endpoint(A);
    world.state.isKeyringBroken = true;
    await publish(1);
    await world.wait(30 * MINUTE);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'pending', attemptCount: 0 }]);
    expect((await world.stores.endpoints.get(a.id))?.state).toMatchObject({ failures: 0, probeAt: undefined });
    world.state.isKeyringBroken = false;
    await world.wait(5 * MINUTE);
    expect(await statuses(a.id)).toEqual(['delivered']);
  });
});

describe('the upkeep of an endpoint', () => {
  it('finds a delivery without a message whose event is older than the endpoint', async () => {
    const event = eventOf(1);
    await world.wait(3 * MINUTE);
    const a = await world.endpoint(A);
    await world.publish(event);
    world.state.loses = () => true;
    await world.wait(1);
    world.state.loses = () => false;
    await world.wait(HOUR);
    expect(await statuses(a.id)).toEqual(['delivered']);
  });

  it('leaves the breaker closed where the probe succeeded meanwhile', async () => {
    const a = await world.endpoint(A);
    world.receivers.set(A, () => answer(503));
    for (let i = 0; i < 8; i++) await publish(i);
    await world.wait(5 * SECOND);
    world.receivers.delete(A);
    const { state } = await world.stores.deliver.read(a.id);
    world.clock.now = state?.probeAt ?? 0;
    // The worker of the probe ends before the upkeep that sent it.
    const queue = {
      async send(messages: readonly DeliverMessage[]) {
        for (const { deliveryId, ...message } of messages) {
          if (deliveryId !== undefined) await deliver(world.deps, { ...message, deliveryId, receives: 1 });
        }
      },
    };
    await upkeep({ ...world.deps, queue }, { endpointId: a.id, due: state?.due ?? 0 });
    expect((await world.stores.deliver.read(a.id)).state).toMatchObject({ probeAt: undefined, failures: 0 });
  });

  it('waits for a receiver’s Retry-After before the next probe', async () => {
    await world.endpoint(A);
    world.receivers.set(A, () => answer(429, { retryAfterSeconds: 600 }));
    for (let i = 0; i < 8; i++) await publish(i);
    await world.wait(9 * MINUTE);
    expect(world.received).toHaveLength(5);
  });

  it('announces the deletion of an endpoint once the bus works again', async () => {
    const a = await world.endpoint(A);
    await world.wait(15 * MINUTE);
    world.state.isBusDown = true;
    await world.delete(a.id);
    await world.wait(HOUR);
    world.state.isBusDown = false;
    await world.wait(HOUR);
    expect(world.announced.map(({ type }) => type)).toEqual(['webhook_endpoint.created', 'webhook_endpoint.deleted']);
    expect(await rowsOf(engine.client, world.place.table)).toEqual([]);
  });
});

describe('a write whose answer is lost', () => {
  it('counts nothing twice', async () => {
    world = await startWebhooks({ ...engine, client: losingAnswers(engine.client) });
    const a = await world.endpoint(A);
    let calls = 0;
    world.receivers.set(A, () => answer(++calls === 1 ? 500 : 200));
    await publish(1);
    await world.wait(SECOND);
    expect((await world.stores.endpoints.get(a.id))?.state.failures).toBe(1);
    await world.wait(MINUTE);
    expect(await world.deliveries(a.id)).toMatchObject([{ status: 'delivered', attemptCount: 2 }]);
    expect(world.received).toHaveLength(2);
  });

  it('takes a slot, though another delivery takes one before the write is repeated', async () => {
    const { id } = await world.endpoint(A);
    const { state } = await world.stores.deliver.read(id);
    if (!state) throw new Error('the endpoint has a state');
    const { now } = world.clock;
    const slot = { count: 2, until: now + 40_000 };
    const other = () => world.stores.deliver.takeSlot(id, state, { ...slot, number: 1, deliveryId: 'dlv_1' }, now);
    const client = losingAnswers(engine.client, other);
    const store = deliverStore({ ...world.place, client });
    expect(await store.takeSlot(id, state, { ...slot, number: 0, deliveryId: 'dlv_0' }, now)).toBe(true);
    const taken = (await store.read(id)).state?.slots;
    expect(taken).toMatchObject([{ deliveryId: 'dlv_0' }, { deliveryId: 'dlv_1' }]);
  });
});

it('keeps a delivery that is sent again for the days of its retries', async () => {
  const a = await world.endpoint(A);
  await publish(1);
  await world.wait(SECOND);
  world.jump(29 * DAY);
  const [delivery] = await world.deliveries(a.id);
  if (!delivery) throw new Error('the event was delivered');
  await world.stores.log.resend(a.id, delivery, world.clock.now);
  const rows = await rowsOf(engine.client, world.place.table);
  const row = rows.find(({ sk }) => String(sk).startsWith('delivery#'));
  expect(Number(row?.expires) * 1000).toBeGreaterThan(world.clock.now + 3 * DAY);
});

it('drops an event that is older than the deliveries that are kept', async () => {
  const a = await world.endpoint(A);
  const pointer = await publish(1);
  world.jump(31 * DAY);
  const deps = { store: world.stores.dispatch, queue: world.deps.queue, now: world.deps.now };
  expect(await dispatch(deps, pointer)).toBeUndefined();
  expect(await world.deliveries(a.id)).toEqual([]);
});

it('serves an endpoint that later code subscribed to types of its own', async () => {
  const a = await world.endpoint(A);
  const key = { pk: 'webhook#endpoints', sk: `endpoint#${a.id}` };
  const set = 'SET event_types = :types';
  const types = { ':types': ['group.later', 'group.redacted'] };
  await engine.client.send(
    new UpdateCommand({
      TableName: world.place.table,
      Key: key,
      UpdateExpression: set,
      ExpressionAttributeValues: types,
    }),
  );
  await publish(1);
  await world.wait(SECOND);
  expect(await statuses(a.id)).toEqual(['delivered']);
});

it('cancels the pending deliveries of an endpoint that was deleted, and forgets it', async () => {
  const a = await world.endpoint(A);
  world.receivers.set(A, () => answer(503));
  for (let i = 0; i < 8; i++) await publish(i);
  await world.wait(MINUTE);
  await world.delete(a.id);
  const before = world.received.length;
  await world.wait(HOUR);
  expect(world.received).toHaveLength(before);
  expect(new Set(await statuses(a.id))).toEqual(new Set(['cancelled']));
  expect(world.announced.map(({ type }) => type)).toEqual(['webhook_endpoint.created', 'webhook_endpoint.deleted']);
  expect(await world.stores.deliver.read(a.id)).toMatchObject({ endpoint: undefined, state: undefined });
});

it.each([
  ['an enabled', true],
  ['a disabled', false],
])(
  'encrypts the secrets of %s endpoint with a new key within minutes, and changes nothing else',
  async (_, isEnabled) => {
    const { id } = await world.endpoint(A);
    if (!isEnabled) await world.disable(id);
    // The first upkeep announces the changes.
    await world.wait(11 * MINUTE);
    const before = await world.stores.endpoints.get(id);
    world.state.key = 'second';
    await world.wait(11 * MINUTE);
    const after = await world.stores.endpoints.get(id);
    const secrets = before?.endpoint.secrets.map((one) => ({
      ...one,
      sealed: one.sealed.replace('first/', 'second/'),
    }));
    expect(after?.endpoint).toEqual({ ...before?.endpoint, secrets, revision: expect.any(Number) });
    expect(world.announced.map(({ type }) => type)).not.toContain('webhook_endpoint.updated');
    const { revision } = after?.endpoint ?? {};
    await world.wait(HOUR);
    expect((await world.stores.endpoints.get(id))?.endpoint.revision).toBe(revision);
  },
);
