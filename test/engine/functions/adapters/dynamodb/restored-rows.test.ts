import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyGroup, readRestorable } from '../../../../../functions/adapters/dynamodb/restored-rows.ts';
import { erase } from '../../../../../functions/domain/erasure/erase.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, kindOfRow, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let engine: Engine;
let source: Service;
let live: Service;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());

beforeEach(async () => {
  source = await startService(engine);
  await source.track(ID);
  for (const version of [1, 2]) {
    const items = [...verifications(240), verification('last', version === 1 ? 'DRAFT' : 'COMPLETED')];
    source.anycheck.groups.set(ID, { overall: 'COMPLETED', items });
    await source.refresh(ID);
  }
  live = await startService(engine);
});

/** Copies the group. `before` runs ahead of the n-th write, counted from 0. @returns how it ended, and its writes. */
async function copy(before: (n: number) => Promise<void> = async () => {}) {
  let writes = 0;
  const client = new Proxy(engine.client, {
    get: (target, name) =>
      name !== 'send'
        ? Reflect.get(target, name)
        : async (command: Parameters<typeof target.send>[0]) => {
            if (/^(Put|Update|Delete)/.test(command.constructor.name)) await before(writes++);
            return target.send(command);
          },
  });
  const now = () => live.clock.now;
  const tables = { from: { client, table: source.table }, to: { client, table: live.table }, now };
  const group = await readRestorable(tables, ID);
  const [ended] = await Promise.allSettled([copyGroup(tables, group)]);
  return { ended, writes };
}

const itemsOf = async (service: Service) => (await service.read(ID)).items;

describe('a copy of a group', { timeout: 120_000 }, () => {
  it('that stops at any of its writes shows readers nothing of the group or all of it, and a repeat restores it', async () => {
    const expected = await source.served(ID);
    const { writes } = await copy();
    expect(writes).toBeGreaterThan(10);
    for (let last = 0; last < writes; last++) {
      live = await startService(engine);
      const { ended } = await copy(async (n) => {
        if (n === last) throw new Error('no answer');
      });
      expect(ended).toMatchObject({ status: 'rejected', reason: { name: 'RestoreStopped' } });
      const { snapshot, schedule } = await live.bare.read(ID);
      expect(schedule).toBeUndefined();
      if (snapshot) expect(await live.served(ID)).toEqual(expected);
      expect((await copy()).ended.status).toBe('fulfilled');
      expect(await itemsOf(live)).toEqual(expected?.slice(0, 100));
      expect(await live.served(ID)).toEqual(expected);
    }
  });

  it('leaves nothing of a group that is erased before any of its writes', async () => {
    const { writes } = await copy();
    for (let at = 0; at < writes; at++) {
      live = await startService(engine);
      const deps = {
        store: live.bare,
        ledger: { record: async () => {} },
        queue: { enqueue: async () => {} },
        now: () => live.clock.now,
      };
      const { ended } = await copy(async (n) => {
        if (n === at) await erase(deps, ID);
      });
      expect(ended).toMatchObject({ status: 'rejected', reason: { name: 'RestoreStopped' } });
      await expect(itemsOf(live)).rejects.toMatchObject({ status: 404 });
      for (let i = 0; i < 3; i++) {
        if ((await live.bare.read(ID)).schedule?.due !== undefined) await live.refresh(ID);
      }
      expect((await rowsOf(engine.client, live.table)).map(kindOfRow)).toEqual([
        'event#group.erased',
        'head#current',
        'head#schedule',
      ]);
    }
  });

  it('shows a reader who fetches the group before any of its writes a whole list, then and afterwards', async () => {
    const { writes } = await copy();
    const fetched = [verification('fetched')];
    const restored = await itemsOf(source);
    for (let at = 0; at < writes; at++) {
      live = await startService(engine);
      live.anycheck.groups.set(ID, { overall: 'COMPLETED', items: fetched });
      const { ended } = await copy(async (n) => {
        if (n === at) expect([restored, fetched]).toContainEqual(await itemsOf(live));
      });
      const now = await itemsOf(live);
      expect([restored, fetched]).toContainEqual(now);
      if (ended.status === 'fulfilled') expect(now).toEqual(restored);
      const { schedule } = await live.bare.read(ID);
      expect(schedule?.kind).toBe('tracked');
      if (schedule?.due !== undefined) await live.refresh(ID);
      expect(await itemsOf(live)).toEqual(fetched);
    }
  });
});
