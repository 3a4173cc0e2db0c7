import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { allowances, giveBackTo } from '../../../../functions/adapters/allowance-rows.ts';
import { documentClient } from '../../../../functions/adapters/document-client.ts';
import { CREDENTIALS, REGION } from '../../../../lib/local/names.ts';
import { type Engine, engines, losingAnswers, rowsOf } from '../../../fakes/engine.ts';

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
    allowances({ client: engine.client, table, kind, most: 10, now: () => now })(who);
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

  it.runIf(available)('counts a write whose answer was lost, and that is sent again, once', async () => {
    const client = losingAnswers(engine.client);
    const lossy = allowances({ client, table, kind: 'read', most: 10, now: () => now })(WHO);
    const from = (await lossy.take(6)) ?? '';
    expect(await taken(1, 5)).toBe(0);
    expect(await taken(1, 4)).toBe(1);
    await lossy.giveBack(from, 3);
    expect(await taken(1, 4)).toBe(0);
    expect(await taken(1, 3)).toBe(1);
    expect(await lossy.take(1)).toBeUndefined();
  });

  it.runIf(available)('takes no more back than it gave', async () => {
    const from = (await of().take(2)) ?? '';
    await of().giveBack(from, 3);
    expect(await taken(1, 9)).toBe(0);
    await of().giveBack(from, 2);
    await of().giveBack(from, 1);
    expect(await taken(11)).toBe(10);
  });

  it.runIf(available)('keeps nobody waiting who gives back while the table doesn’t answer', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const port = z.object({ port: z.number() }).parse(silent.address()).port;
    const endpoint = `http://127.0.0.1:${port}`;
    const client = documentClient(2, 3_000, { endpoint, region: REGION, credentials: CREDENTIALS });
    const began = performance.now();
    await giveBackTo({ client, table })('caller#jo', 1);
    expect(performance.now() - began).toBeLessThan(2_500);
    client.destroy();
    silent.closeAllConnections();
    silent.close();
  });
});
