import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowances } from '../../../functions/adapters/allowance-rows.ts';
import { type Engine, engines, rowsOf } from '../../fakes/engine.ts';

const MINUTE = 60_000;
const WHO = 'jo@example.com';

describe.for(engines)('an allowance in $name', { timeout: 60_000 }, ({ available, start }) => {
  let engine: Engine;
  let table: string;
  let now: number;
  beforeAll(async () => {
    if (available) engine = await start();
  });
  afterAll(() => engine?.stop());
  beforeEach(async () => {
    if (available) table = await engine.table();
    now = 1_800_000_000_000;
  });
  const of = (kind: 'read' | 'follow' = 'read', who = WHO) =>
    allowances({ client: engine.client, table, kind, most: 10, window: MINUTE, now: () => now })(who);
  const taken = async (times: number, ids = 1) => {
    const all = await Promise.all(Array.from({ length: times }, () => of().take(ids)));
    return all.filter((one) => one !== undefined).length;
  };

  it.runIf(available)('is never overdrawn, however many take at once', async () => {
    expect(await taken(25)).toBe(10);
    expect(await taken(5)).toBe(0);
  });

  it.runIf(available)('gives several at once or none, and never more than all', async () => {
    expect(await taken(4, 4)).toBe(2);
    expect(await taken(4)).toBe(2);
    now += MINUTE;
    expect(await taken(1, 11)).toBe(0);
    expect(await taken(1, 10)).toBe(1);
  });

  it.runIf(available)('is whole again in the next minute', async () => {
    expect(await taken(11)).toBe(10);
    now += MINUTE - 1;
    expect(await taken(1)).toBe(0);
    now += 1;
    expect(await taken(11)).toBe(10);
  });

  it.runIf(available)('takes back what it gave, in the window that it is of', async () => {
    const from = (await of().take(10)) ?? '';
    await of().giveBack(from, 4);
    expect(await taken(5)).toBe(4);
    now += MINUTE;
    await of().giveBack(from, 1);
    expect(await taken(11)).toBe(10);
  });

  it.runIf(available)('is each caller’s own, and each purpose’s', async () => {
    expect(await taken(11)).toBe(10);
    expect(await of('follow').take(10)).toBeDefined();
    expect(await of('read', 'somebody else').take(10)).toBeDefined();
  });

  it.runIf(available)('leaves one row a window, which goes after it and doesn’t say who it was', async () => {
    await taken(3);
    const rows = await rowsOf(engine.client, table);
    expect(rows).toMatchObject([{ ids_taken: 3, expires: now / 1000 + 60 }]);
    expect(JSON.stringify(rows)).not.toContain(WHO);
  });
});
