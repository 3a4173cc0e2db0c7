import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Order } from './child.ts';
import { goOn } from './going-on.ts';
import { expectSettled, expectSound } from './invariants.ts';
import { limiter } from './limiter.ts';
import { bundleChild, type Ended, runChild } from './process.ts';
import { sampleOf } from './sample.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { openStage } from './stage.ts';
import { startWorld, type World } from './world.ts';

/** Runs at once: a child computes, the engines in this process do the rest. */
const limited = limiter(availableParallelism() + 1);
const SIDES = ['before', 'after'] as const;

let directory: string;
let world: World;
let bundle: string;
const counts = new Map<string, { points: number; kills: number }>();
const kinds = new Set<string>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'kill-child-'));
  [world, bundle] = await Promise.all([startWorld(), bundleChild(directory)]);
});
afterAll(async () => {
  await world.close();
  rmSync(directory, { recursive: true, force: true });
  const all = [...counts.values()];
  const total = (of: 'points' | 'kills') => all.reduce((sum, one) => sum + one[of], 0);
  console.table(Object.fromEntries([...counts, ['all', { points: total('points'), kills: total('kills') }]]));
});

/** One run of a scenario, from its beginning until the service has nothing left to do. */
async function play(scenario: Scenario, death?: Order['death']): Promise<Ended> {
  const stage = await openStage(world);
  const resultId = await scenario.prepare(stage);
  const began = Date.now();
  const { name } = scenario;
  const ended = await runChild(bundle, { scenario: name, resultId, place: stage.place, death }, world.env);
  expect(ended).toMatchObject({ signal: death ? 'SIGKILL' : null, stderr: '' });
  await expectSound(stage);
  await expectSettled(stage, await goOn(stage, began));
  return ended;
}

/** What is wrong after a scenario died before and after each of its calls, or those of them that a sampled run draws. */
async function faultsOf(scenario: Scenario, points: readonly string[]): Promise<string[]> {
  const all = points.flatMap((point, i) => SIDES.map((side) => ({ point, nth: i + 1, side })));
  const deaths = inject('size').deaths === 'all' ? all : sampleOf(all, `${inject('seed')} ${scenario.name}`);
  counts.set(scenario.name, { points: points.length, kills: deaths.length });
  const faults = deaths.map(({ point, nth, side }) =>
    limited(() => play(scenario, { nth, side })).then(
      (ended) => (ended.points[nth - 1] === point ? [] : [`${nth} was ${point} without a death`]),
      (error) => [`${side} ${nth} ${point}: ${error instanceof Error ? error.message : error}`],
    ),
  );
  return (await Promise.all(faults)).flat();
}

describe('a process that is killed before or after any write or queue call', () => {
  for (const scenario of scenarios) {
    it.concurrent(`of ${scenario.name} is made up for by the others`, { timeout: 300_000 }, async () => {
      const { points, end } = await limited(() => play(scenario));
      expect(end).toBe(scenario.ends);
      expect(points).not.toEqual([]);
      for (const point of points) kinds.add(point);
      expect(await faultsOf(scenario, points)).toEqual([]);
    });
  }

  it('died at a row of every kind, and at every call of the queue', () => {
    const rows = [
      'PutItem head#current',
      'PutItem head#schedule',
      'PutItem history#',
      'PutItem change#',
      'PutItem event#',
      'PutItem ledger',
      'PutItem page#',
      'UpdateItem page#',
      'DeleteItem page#',
    ];
    const calls = ['SendMessageBatch', 'ReceiveMessage', 'DeleteMessage', 'PutEvents'];
    expect([...kinds]).toEqual(expect.arrayContaining([...rows, ...calls]));
  });
});
