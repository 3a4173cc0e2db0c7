import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';
import { burst, IN_TIME_MS } from './burst.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

/** Bursts that were late once: the last request met a refresh that had just consumed another one. */
const FOUND = ['burst/102/60'];

describe('a burst of webhooks', () => {
  it('has the last state served within seconds, whatever else the group’s functions do', {
    timeout: 3_600_000,
  }, async () => {
    const table = await engine.table();
    const runs = inject('size').burstRuns;
    const drawn = Array.from({ length: runs - FOUND.length }, (_, i) => `burst/${inject('seed')}/${i}`);
    const seeds = [...FOUND, ...drawn];
    const late: string[] = [];
    let calls = 0;
    for (const seed of seeds) {
      const { late: ms = Number.POSITIVE_INFINITY, wasStuck, calls: made } = await burst(engine.client, table, seed);
      calls += made;
      if (ms > IN_TIME_MS || wasStuck)
        late.push(`${seed}: ${ms} ms${wasStuck ? ', due at a time that was used up' : ''}`);
    }
    console.log(`${late.length} of ${runs} bursts were late, with ${(calls / runs).toFixed(1)} calls to AnyCheck each`);
    expect(late).toEqual([]);
  });
});
