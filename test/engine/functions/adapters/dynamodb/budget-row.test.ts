import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUDGET_KEY, budgetRow } from '../../../../../functions/adapters/dynamodb/budget-row.ts';
import { type Engine, engines, rowsOf } from '../../../../fakes/engine.ts';

const NOW = 1_800_000_000_000;

describe.each(engines.filter(({ available }) => available))('the budget row on $name', ({ start }) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  it('that an earlier build wrote is read, and its failures are cleared', async () => {
    const table = await engine.table();
    const Item = { ...BUDGET_KEY, v: 1, failures: 4, failing_since: NOW, failing_group: 'a', fails_others: 1 };
    await engine.client.send(new PutCommand({ TableName: table, Item }));
    const store = budgetRow(engine.client, table);
    const before = await store.read();
    expect(before).toMatchObject({ failures: 4, failingSince: NOW, failingReason: undefined });
    expect(before.failingGroups.size).toBe(2);
    await store.countFailure({ group: 'b', reason: 'MALFORMED', now: NOW + 1 });
    expect(store.known).toMatchObject({ failures: 5, failingSince: NOW, failingReason: 'MALFORMED' });
    await store.clear(['failures']);
    const [row] = await rowsOf(engine.client, table);
    expect(row).toEqual({ ...BUDGET_KEY, v: 1 });
  });

  it('records each group that fails once, and when the first failure occurred', async () => {
    const table = await engine.table();
    const store = budgetRow(engine.client, table);
    await Promise.all(
      ['a', 'b', 'a', undefined].map((group, i) =>
        budgetRow(engine.client, table).countFailure({ group, reason: 'REFUSED', now: NOW + i }),
      ),
    );
    const { failures, failingGroups, failingSince } = await store.read();
    expect([failures, [...failingGroups].sort()]).toEqual([4, ['a', 'b']]);
    expect(failingSince).toBeGreaterThanOrEqual(NOW);
  });

  it('with a reason that this build does not know is read', async () => {
    const table = await engine.table();
    const Item = { ...BUDGET_KEY, v: 1, failures: 1, failing_since: NOW, failing_reason: 'SOMETHING_NEW' };
    await engine.client.send(new PutCommand({ TableName: table, Item }));
    expect(await budgetRow(engine.client, table).read()).toMatchObject({ failures: 1, failingReason: undefined });
  });
});
