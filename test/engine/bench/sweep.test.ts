import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refreshQueue } from '../../../functions/adapters/aws/refresh-queue.ts';
import { dueIndex } from '../../../functions/adapters/dynamodb/due-index.ts';
import { sweep } from '../../../functions/domain/refresh/sweep.ts';
import { drain } from '../../bench/sweep/drain.ts';
import { DUE, know, NOW } from '../../bench/sweep/known.ts';
import { distantSqs } from '../../bench/sweep/sqs.ts';
import { memoryStore } from '../../bench/upstream/memory-store.ts';
import { type Engine, engines } from '../../fakes/engine.ts';
import { metered } from '../../fakes/metered.ts';

const noQueue = { enqueue: async () => {} };
const local = engines.find(({ name }) => name === 'DynamoDB Local');

describe.runIf(local?.available)('a sweep, by DynamoDB’s own count', () => {
  let engine: Engine;
  beforeAll(async () => {
    if (!local) throw new Error('there are two engines');
    engine = await local.start();
  });
  afterAll(() => engine.stop());

  it('costs what the groups due cost, however many are known', async () => {
    const table = await engine.table();
    const meter = metered(engine.client);
    const index = dueIndex(engine.client, table);
    const costs: unknown[] = [];
    for (const [from, to] of [
      [0, DUE],
      [DUE, 3 * DUE],
    ] as const) {
      await know(engine, table, from, to);
      const { reads } = meter();
      expect(await sweep({ index, queue: noQueue, now: () => NOW }, DUE)).toMatchObject({ queued: DUE });
      costs.push({ units: reads.units, requests: reads.requests });
    }
    expect(costs).toEqual([COST, COST]);
  });
});

/** 1,000 groups due: one request of each shard, and one of those to be cleaned. */
const COST = { units: 12, requests: 9 };

describe('a backlog', () => {
  it('is queued by one sweep where nothing limits it', async () => {
    const { store, index } = memoryStore();
    for (let i = 0; i < 6_000; i++) await store.track(`group-${i}`, NOW - i);
    const { client, url, taken } = distantSqs(0);
    const queue = refreshQueue(client, url, () => 'sweep');
    expect(await sweep({ index, queue, now: () => NOW }, 6_000, NOW + 1)).toMatchObject({ queued: 6_000 });
    expect(taken()).toBe(6_000);
  });

  it('is refreshed from the oldest group on, at the budget’s rate, and no message is processed twice', async () => {
    const { seconds, atBudget, overtakenBy, doubled, deepest } = await drain(1_500);
    expect(atBudget / seconds).toBeGreaterThan(0.97);
    expect(doubled).toBe(0);
    // Five workers take from the front.
    expect(overtakenBy).toBeLessThanOrEqual(5);
    // Two minutes of the budget, well within the queue's memory.
    expect(deepest).toBeLessThanOrEqual(570);
  });
});
