import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { actEvent } from '../../../../../functions/domain/events/group-events.ts';
import type { AttemptResult } from '../../../../../functions/domain/webhooks/delivery.ts';
import { seeded } from '../../../../../lib/sandbox/fixtures/seeded.ts';
import { type Engine, enginesOf } from '../../../../fakes/engine.ts';
import { answer, group, startWebhooks } from '../../../../fakes/webhooks.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const URLS = ['https://a.example.com/', 'https://b.example.com/', 'https://c.example.com/'];
const EVENTS = 15;
const SLOTS = 2;
const ANSWERS: readonly [AttemptResult['answer'], ...AttemptResult['answer'][]] = [
  ...([200, 200, 200, 204, 500, 503, 429, 301] as const),
  ...(['TIMEOUT', 'CONNECT'] as const),
];

describe.each(enginesOf(inject('size')))('workers that run at once, on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  const seed = inject('seed');
  const runs = Array.from({ length: Math.ceil(inject('size').raceRuns / 10) }, (_, i) => seed + i);

  it.each(runs)(
    'deliver every event to every endpoint, at most two at once to one (seed %i)',
    async (one) => {
      const { integer, pick } = seeded(String(one));
      const random = () => integer(0, 999) / 1000;
      const world = await startWebhooks(engine, { slots: SLOTS });
      const endpoints = await Promise.all(URLS.map((url) => world.endpoint(url)));
      world.state.workers = 8;
      world.state.random = random;
      world.state.pause = async () => {
        for (let ticks = Math.floor(random() * 4); ticks > 0; ticks--) await new Promise(setImmediate);
      };
      world.state.loses = (message) => {
        const luck = random();
        if (luck < 0.1) world.repeat(message);
        return luck > 0.9;
      };
      const underWay = new Map<string, number>();
      let peak = 0;
      let isWell = false;
      for (const url of URLS) {
        world.receivers.set(url, async () => {
          underWay.set(url, (underWay.get(url) ?? 0) + 1);
          peak = Math.max(peak, underWay.get(url) ?? 0);
          for (let ticks = Math.floor(random() * 30); ticks > 0; ticks--) await new Promise(setImmediate);
          underWay.set(url, (underWay.get(url) ?? 0) - 1);
          return isWell ? answer(200) : answer(pick<AttemptResult['answer']>(...ANSWERS));
        });
      }
      const events: string[] = [];
      for (let i = 0; i < EVENTS; i++) {
        events.push((await world.publish(actEvent('group.redacted', group(i), 1, world.clock.now))).eventId);
        if (random() < 0.3) await world.wait(Math.floor(random() * MINUTE));
      }
      await world.wait(20 * MINUTE);
      isWell = true;
      world.state.loses = () => false;
      await world.wait(10 * HOUR);

      expect(peak).toBeLessThanOrEqual(SLOTS);
      for (const { id, url } of endpoints) {
        const deliveries = await world.deliveries(id);
        expect(deliveries.map(({ status }) => status)).toEqual(Array(EVENTS).fill('delivered'));
        const got = world.received.filter((request) => request.url === url).map((request) => request.id);
        expect(new Set(got)).toEqual(new Set(events));
        // No worker died, so each request is an attempt that was counted once.
        expect(deliveries.reduce((sum, { attemptCount }) => sum + attemptCount, 0)).toBe(got.length);
        expect((await world.stores.endpoints.get(id))?.state).toMatchObject({ probeAt: undefined, failures: 0 });
      }
      expect(world.deadLetters).toEqual([]);
    },
    120_000,
  );
});
