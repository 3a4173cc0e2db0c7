import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { actEvent } from '../../../../../functions/domain/events/group-events.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';
import { answer, group, startWebhooks, type Webhooks } from '../../../../fakes/webhooks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const A = 'https://a.example.com/hook';
const B = 'https://b.example.com/hook';
let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

const publish = (world: Webhooks, number: number) =>
  world.publish(actEvent('group.redacted', group(number), 1, world.clock.now));

interface Scenario {
  /** What happens with a worker that dies somewhere in it. */
  run(world: Webhooks): Promise<void>;
  /** Groups whose events end as cancelled, or undelivered to A because it answers 410. */
  readonly exempt?: readonly number[];
}

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'an event for two endpoints': {
    run: async (world) => {
      await publish(world, 1);
      await world.wait(MINUTE);
    },
  },
  'an event that fails twice': {
    run: async (world) => {
      let calls = 0;
      world.receivers.set(A, () => answer(++calls > 2 ? 200 : 500));
      await publish(world, 1);
      await world.wait(10 * MINUTE);
    },
  },
  'an endpoint that is paused, probed and released': {
    run: async (world) => {
      world.receivers.set(A, ({ at }) => answer(at < MINUTE ? 503 : 200));
      for (let i = 0; i < 9; i++) await publish(world, i);
      await world.wait(10 * MINUTE);
    },
  },
  'a group that is erased while its delivery waits': {
    exempt: [1],
    run: async (world) => {
      world.receivers.set(A, ({ at }) => answer(at < MINUTE ? 500 : 200));
      await publish(world, 1);
      await publish(world, 2);
      await world.wait(MINUTE);
      await world.erase(group(1));
      await world.wait(HOUR);
    },
  },
  'a recovery': {
    run: async (world) => {
      world.receivers.set(A, ({ at }) => answer(at < 2 * MINUTE ? 500 : 200));
      await publish(world, 1);
      await publish(world, 2);
      await world.wait(MINUTE);
      world.jump(73 * HOUR);
      await world.wait(MINUTE);
      const [endpoint] = await world.stores.endpoints.list();
      const since = { since: world.begin, until: world.clock.now, after: undefined };
      await world.stores.log.recover(endpoint?.id ?? '', since, world.clock.now);
      await world.wait(HOUR);
    },
  },
};

/** Runs a scenario with a death, and lets all go on for some time after it. @returns whether the worker died. */
async function runWith({ run }: Scenario, nth: number, when: 'before' | 'after'): Promise<Webhooks | undefined> {
  const world = await startWebhooks(engine);
  await world.endpoint(A);
  await world.endpoint(B);
  world.state.death = { nth, when, calls: 0, isDead: false };
  // The routes' own calls do not count: see the fake.
  await run(world).catch((error: unknown) => {
    if (!world.state.death?.isDead) throw error;
  });
  if (!world.state.died) return undefined;
  world.receivers.clear();
  for (const body of world.deadLetters.splice(0)) world.redrive(body);
  await world.wait(HOUR);
  return world;
}

/** Each run draws at which of some calls it begins, so that several runs reach every call. */
const STEP = inject('size').deaths === 'all' ? 8 : 15;
const FIRST = 1 + (inject('seed') % STEP);

describe.each(Object.entries(SCENARIOS))('a worker that dies in %s', (_, scenario) => {
  it.each(['before', 'after'] as const)(
    '%s one of its calls loses no delivery, and counts none twice',
    async (when) => {
      let deaths = 0;
      for (let nth = FIRST; ; nth += STEP) {
        const world = await runWith(scenario, nth, when);
        if (!world) break;
        deaths++;
        for (const { id, url } of await world.stores.endpoints.list()) {
          const got = world.received.filter((one) => one.url === url);
          for (const delivery of await world.deliveries(id)) {
            const at = `${when} call ${nth}: ${url} ${delivery.resultId}`;
            const isExempt = scenario.exempt?.some((one) => group(one) === delivery.resultId) ?? false;
            const mine = got.filter((one) => one.id === delivery.eventId);
            expect([at, delivery.status]).toEqual([
              at,
              isExempt && delivery.status === 'cancelled' ? 'cancelled' : 'delivered',
            ]);
            // An attempt whose worker died can be unknown to the record, and one without a request can be in it.
            const interrupted = delivery.attempts.filter((one) => one.answer === 'INTERRUPTED').length;
            const counted = delivery.attempts.length - interrupted;
            expect(counted, at).toBeLessThanOrEqual(mine.length);
            expect(mine.length, at).toBeLessThanOrEqual(counted + 1);
            if (delivery.status === 'delivered') expect(counted, at).toBeGreaterThan(0);
          }
        }
        const { length: rows } = await world.stores.endpoints.list();
        expect(rows).toBe(2);
      }
      expect(deaths).toBeGreaterThan(0);
    },
    300_000,
  );
});
