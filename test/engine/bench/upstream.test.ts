import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dueIndex } from '../../../functions/adapters/dynamodb/due-index.ts';
import { workerStore } from '../../../functions/adapters/dynamodb/worker-store.ts';
import { figures } from '../../bench/upstream/figures.ts';
import { population, START } from '../../bench/upstream/population.ts';
import { watching } from '../../bench/upstream/reader.ts';
import { everyMinute, untilOver } from '../../bench/upstream/rivals.ts';
import { type Mode, type Rows, simulate } from '../../bench/upstream/simulate.ts';
import { type Engine, startEmbedded } from '../../fakes/engine.ts';

const UNREAD: Mode = { webhooks: false };
const WEBHOOKS: Mode = { webhooks: true };
const EARLY: Mode = { webhooks: true, lagMs: 5_500 };
const WATCHED: Mode = { webhooks: false, habit: watching };

/**
 * The calls of each mode. Chance comes from a seed and time from a virtual clock, so another number means another
 * cadence. They are 1 to 3 % more than without the 13 minutes of an active group's first hours, which are worth it: a
 * watcher's 95 % were 27 minutes without them, and are 10.
 */
const CALLS: readonly (readonly [string, Mode, number])[] = [
  ['unread', UNREAD, 3746],
  ['unread, with webhooks', WEBHOOKS, 4626],
  ['unread, with webhooks that come before the list shows the change', EARLY, 5084],
  ['read by a watcher', WATCHED, 10884],
];

describe('a month of groups', () => {
  const groups = population(200, 'guard');

  it.each(CALLS)('takes as many calls to AnyCheck as before, far fewer than pollers (%s)', async (_, mode, before) => {
    const { calls, served } = await simulate(groups, mode);
    expect(calls).toBe(before);
    expect(calls / everyMinute(groups).calls).toBeLessThanOrEqual(0.01);
    expect(calls / untilOver(groups).calls).toBeLessThanOrEqual(0.2);
    const { shares, lost, healed, reopened, wrong } = figures(groups, served);
    // Beyond a sweep: a fifth of the time without change, a tenth more by jitter, and the duration of AnyCheck's
    // answer.
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.22);
    expect(lost).toBeGreaterThan(5);
    expect(healed).toBe(lost);
    // Only a webhook reports that a group was reopened. A group that is not final is served as AnyCheck lists it.
    expect(wrong).toBeLessThanOrEqual(mode.webhooks ? 0 : reopened);
  });
});

describe('the store in memory', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEmbedded();
  });
  afterAll(() => engine.stop());

  /** The rows of a real engine, and what is under way to it. */
  async function realRows(now: () => number): Promise<Rows> {
    const table = await engine.table();
    const pending = new Set<Promise<unknown>>();
    const store = workerStore({ client: engine.client, table, retentionDays: 400, now });
    return {
      store: counted(store, pending),
      index: counted(dueIndex(engine.client, table), pending),
      async idle() {
        do {
          await Promise.allSettled(pending);
          await setImmediate();
        } while (pending.size > 0);
      },
    };
  }

  function counted<T extends object>(port: T, pending: Set<Promise<unknown>>): T {
    return new Proxy(port, {
      get(target, name, receiver) {
        const method = Reflect.get(target, name, receiver);
        if (typeof method !== 'function') return method;
        return async (...args: unknown[]) => {
          const result = Promise.resolve(Reflect.apply(method, receiver, args));
          pending.add(result);
          return result.finally(() => pending.delete(result));
        };
      },
    });
  }

  it.each([
    ['unread, with webhooks', WEBHOOKS],
    ['read by a watcher', WATCHED],
  ])('comes to what the real one does (%s)', async (_, mode) => {
    const half = 1_800_000;
    const groups = population(200, 'both').filter(({ submitted }) => submitted < START + half);
    const until = START + 2 * half;
    const simulated = await simulate(groups, mode, { until });
    expect(simulated.calls).toBeGreaterThan(groups.length);
    expect(await simulate(groups, mode, { until, makeRows: realRows })).toEqual(simulated);
  });
});
