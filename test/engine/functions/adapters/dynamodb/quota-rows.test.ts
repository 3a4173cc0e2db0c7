import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quotas } from '../../../../../functions/adapters/dynamodb/quota-rows.ts';
import { type Engine, engines, losingAnswers, rowsOf } from '../../../../fakes/engine.ts';

const MAX = 10;
const MINUTE = 60_000;
const WHO = 'jo@example.com';

describe.for(engines)('a quota in $name', { timeout: 60_000 }, ({ available, start }) => {
  let engine: Engine;
  let table: string;
  let now: number;
  let faults: unknown[];
  beforeAll(async () => {
    if (available) engine = await start();
  });
  afterAll(() => engine?.stop());
  beforeEach(async () => {
    if (available) table = await engine.table();
    now = 1_800_000_000_000;
    faults = [];
  });
  /** The time of a count matters where a test says so: an engine on a busy machine takes longer than a caller would wait. */
  const of = (kind: 'read' | 'follow' = 'read', who = WHO, client = engine.client, countTimeoutMs = 30_000) =>
    quotas({ client, table, kind, max: MAX, now: () => now, onFault: (fault) => faults.push(fault), countTimeoutMs })(
      who,
    );

  it.runIf(available)('has left what was not counted, and nothing where more than the maximum was', async () => {
    expect(await of().remaining()).toBe(MAX);
    await of().count(4);
    expect(await of().remaining()).toBe(MAX - 4);
    await of().count(MAX);
    expect(await of().remaining()).toBe(0);
  });

  it.runIf(available)('counts all, however many count at once', async () => {
    await Promise.all(Array.from({ length: MAX - 1 }, () => of().count(1)));
    expect(await of().remaining()).toBe(1);
  });

  it.runIf(available)('is whole again in the next window, and not before', async () => {
    await of().count(MAX);
    now += MINUTE - 1;
    expect(await of().remaining()).toBe(0);
    now += 1;
    expect(await of().remaining()).toBe(MAX);
  });

  it.runIf(available)('of one caller and kind is not used by another', async () => {
    await of().count(MAX);
    expect(await of('follow').remaining()).toBe(MAX);
    expect(await of('read', 'al@example.com').remaining()).toBe(MAX);
  });

  it.runIf(available)('leaves one row a window, which expires after it and does not name the caller', async () => {
    await of().count(1);
    await of().count(2);
    const rows = await rowsOf(engine.client, table);
    expect(rows).toMatchObject([{ ids_taken: 3, expires: now / 1000 + 60 }]);
    expect(JSON.stringify(rows)).not.toContain(WHO);
  });

  it.runIf(available)('writes nothing where there is nothing to count, or where it is only read', async () => {
    await of().count(0);
    await of().remaining();
    expect(await rowsOf(engine.client, table)).toEqual([]);
  });

  it.runIf(available)('counts once when the answer of a write was lost and the write is sent again', async () => {
    const lossy = of('read', WHO, losingAnswers(engine.client));
    await lossy.count(3);
    expect(await of().remaining()).toBe(MAX - 3);
    await lossy.count(2);
    expect(await of().remaining()).toBe(MAX - 5);
  });

  it.runIf(available)('reports a count that fails, and throws nothing', async () => {
    const failing = new Proxy(engine.client, {
      get: (target, name) =>
        name === 'send' ? () => Promise.reject(new Error('throttled')) : Reflect.get(target, name),
    });
    await of('read', WHO, failing).count(1);
    expect(faults).toEqual([new Error('throttled')]);
  });

  it.runIf(available)('gives a count up that takes longer than its caller may wait', async () => {
    const hanging = new Proxy(engine.client, {
      get: (target, name) =>
        name === 'send'
          ? (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
              new Promise((_, reject) => abortSignal.addEventListener('abort', () => reject(abortSignal.reason)))
          : Reflect.get(target, name),
    });
    const began = Date.now();
    await of('read', WHO, hanging, 100).count(1);
    expect(faults).toMatchObject([{ name: 'TimeoutError' }]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(95);
  });
});
