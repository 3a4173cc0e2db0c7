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

  it('lets a burst of readers begin once, and gives its slots only to instances that know of it', async () => {
    const table = await engine.table();
    const [one, other] = [budgetRow(engine.client, table), budgetRow(engine.client, table)];
    const slot = { of: 'reader', interval: 200, horizon: NOW + 5_000 } as const;
    const none = { ...slot, isBurst: false, burstSince: NOW - 60_000, isEarly: false } as const;
    const begins = { ...slot, floor: NOW - 20_000, isBurst: false, burstSince: NOW - 60_000, isEarly: true } as const;
    expect(await one.acquireSlot(begins, '1', NOW)).toBe(true);
    expect(await other.acquireSlot(begins, '1', NOW)).toBe(false);
    expect(await other.acquireSlot({ ...none, floor: NOW - 3_000 }, '1', NOW)).toBe(false);
    expect(await other.read()).toMatchObject({ burstAt: NOW, takenUntil: { reader: NOW - 19_800 } });
    const during = { ...begins, floor: NOW - 20_001, isBurst: true } as const;
    expect(await other.acquireSlot(during, '1', NOW)).toBe(true);
    expect(await other.acquireSlot({ ...during, floor: NOW + 30_000, burstSince: NOW }, '1', NOW + 60_000)).toBe(false);
    expect((await other.read()).takenUntil.reader).toBe(NOW - 19_600);
  });
});
