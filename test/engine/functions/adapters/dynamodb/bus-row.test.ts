import { afterAll, beforeAll, expect, it } from 'vitest';
import { busRow } from '../../../../../functions/adapters/dynamodb/bus-row.ts';
import { type Engine, startEmbedded } from '../../../../fakes/engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

it('the row of the event bus has the time of the last failure, until the bus works again', async () => {
  const row = busRow(engine.client, await engine.table());
  expect(await row.lastFailure()).toBeUndefined();
  await row.record(1_800_000_000_000);
  expect(await row.lastFailure()).toBe(1_800_000_000_000);
  await row.record(1_800_000_000_001);
  expect(await row.lastFailure()).toBe(1_800_000_000_001);
  await row.record(undefined);
  expect(await row.lastFailure()).toBeUndefined();
});
