import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Measured, measure, REFRESHES } from '../../bench/units/measure.ts';
import { ours } from '../../bench/units/ours.ts';
import { type Engine, engines } from '../../fakes/engine.ts';
import { type Meter, metered } from '../../fakes/metered.ts';

const local = engines.find(({ name }) => name === 'DynamoDB Local');

/**
 * What a read and a look cost, to the unit; bytes to a few in a hundred. Where it changed for the better, or Node.js packs otherwise:
 * `npx vitest run test/engine/bench/units.test.ts -u`.
 */
describe.runIf(local?.available)('units and requests, by DynamoDB’s own count', () => {
  let engine: Engine;
  const measured: Record<string, Measured> = {};

  beforeAll(async () => {
    if (!local) throw new Error('there are two engines');
    engine = await local.start();
    const count: () => Meter = metered(engine.client);
    for (const size of [1, 10, 100, 1_000]) measured[size] = await measure(engine, count, ours, size);
  }, 120_000);
  afterAll(() => engine.stop());

  it('are what they were', async () => {
    const roughly = (name: string, value: unknown) =>
      name === 'bytes' && typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([refresh, bytes]) => [refresh, Number(bytes.toPrecision(2))]))
        : value;
    await expect(`${JSON.stringify(measured, roughly, 2)}\n`).toMatchFileSnapshot('../../bench/units/ours.json');
  });

  it('are 3 and 1 for writing down that nothing changed, whatever the group’s size', () => {
    for (const { refreshes } of Object.values(measured)) {
      expect(refreshes.unchanged).toMatchObject({ writeUnits: 3, writeRequests: 1, listing: 0 });
    }
  });

  it('are no more for renewed links than for a first fetch', () => {
    for (const { refreshes } of Object.values(measured)) {
      const [first, renewed] = [refreshes['first fetch'], refreshes['unchanged, links an hour old']];
      expect(renewed?.writeUnits).toBeLessThanOrEqual(first?.writeUnits ?? 0);
      expect(renewed?.writeRequests).toBeLessThanOrEqual(first?.writeRequests ?? 0);
    }
  });

  it('are one request and one unit for reading a small group, two round trips for any', () => {
    for (const [size, { reads }] of Object.entries(measured)) {
      for (const { readRequests, readUnits } of Object.values(reads)) {
        expect(readRequests).toBeLessThanOrEqual(Number(size) <= 10 ? 1 : 2);
        if (Number(size) <= 10) expect(readUnits).toBe(1);
      }
    }
  });

  it('are three new pages at most for a verification that changes or comes, and as many expired', () => {
    for (const refresh of REFRESHES.filter((one) => one.startsWith('one '))) {
      for (const { refreshes } of Object.values(measured)) {
        expect(refreshes[refresh]?.writeRequests).toBeLessThanOrEqual(1 + 3 + 1 + 1 + 3 + 1 + 1 + 1);
      }
    }
  });
});
