import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allowances } from '../../../../functions/adapters/allowance-rows.ts';
import { UpstreamError, type UpstreamReason } from '../../../../functions/domain/errors.ts';
import { follow } from '../../../../functions/domain/follow.ts';
import { parseListRequest } from '../../../../functions/domain/list-request.ts';
import { listVerifications } from '../../../../functions/domain/list-verifications.ts';
import type { Allowance, Store } from '../../../../functions/domain/ports.ts';
import { verification } from '../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../fakes/engine.ts';
import { type Service, startService } from '../../../fakes/service.ts';

const MOST = 10;
const MINUTE = 60_000;
const TOO_MANY = { status: 429, code: 'QUOTA_EXCEEDED', retryAfter: 60 };

let engine: Engine;
let service: Service;
let of: (who: string) => Allowance;
let keptOf: (who: string) => Allowance;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  const now = () => service.clock.now;
  const options = { client: engine.client, table: service.table, now, most: MOST };
  of = allowances({ ...options, kind: 'read' });
  keptOf = allowances({ ...options, kind: 'follow' });
  service.allowance = keptOf('the worker');
});

const groupRows = async () => {
  const rows = await rowsOf(engine.client, service.table);
  return rows.filter(({ pk }) => String(pk).startsWith('group#'));
};
const hold = (resultId: string, items = [verification('a')]) =>
  service.anycheck.groups.set(resultId, { overall: 'COMPLETED', items });
const statuses = (settled: readonly PromiseSettledResult<unknown>[]) =>
  settled.map((one) => (one.status === 'fulfilled' ? 200 : one.reason.status)).toSorted();

const failing = (reason: UpstreamReason) => {
  service.anycheck.before = () => {
    throw new UpstreamError(reason, 'AnyCheck failed');
  };
};

describe('reads of groups that nobody knows', () => {
  const read = (resultId: string, who = 'jo') => {
    const deps = {
      ...service.deps,
      allowance: of(who),
      kept: keptOf(who),
      queue: { enqueue: async () => {} },
      freshSeconds: { active: 5, waiting: 60, settled: 900 },
      sleep: async () => void (await sleep(1)),
      onRefresh: () => {},
      onRead: () => {},
      onQueueFault: () => {},
    };
    return listVerifications(deps, parseListRequest(`result_id=${resultId}`, ''), () => AbortSignal.timeout(5_000));
  };
  const readMany = (count: number, who?: string) =>
    Promise.allSettled(Array.from({ length: count }, () => read(randomUUID(), who)));

  it('are so many for a caller, at once or not; then AnyCheck is not asked, and nothing is left behind', async () => {
    expect(statuses(await readMany(15))).toEqual([...Array(MOST).fill(404), ...Array(5).fill(429)]);
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY);
    expect(service.anycheck.calls).toBe(MOST);
    expect(await groupRows()).toEqual([]);
  });

  it('of one caller take nothing from another, nor from who reads a group that is known', async () => {
    const known = randomUUID();
    hold(known);
    await read(known);
    await readMany(15);
    expect((await read(known)).items).toHaveLength(1);
    await expect(read(randomUUID(), 'al')).rejects.toMatchObject({ status: 404 });
  });

  it('cost nothing where AnyCheck knows them: any number can be read for the first time', async () => {
    for (let i = 0; i < 3 * MOST; i++) {
      const id = randomUUID();
      hold(id);
      expect((await read(id)).snapshot.version).toBe(1);
    }
    expect(statuses(await readMany(MOST + 1))).toEqual([...Array(MOST).fill(404), 429]);
  });

  it('cost one where AnyCheck’s answer is empty, as it may be for any id', async () => {
    for (let i = 0; i < MOST; i++) {
      const id = randomUUID();
      hold(id, []);
      expect((await read(id)).items).toEqual([]);
    }
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY);
  });

  it('cost one however many wait for the same, and none who waits for somebody else’s', async () => {
    const id = randomUUID();
    hold(id);
    service.anycheck.before = () => sleep(300);
    await readMany(MOST - 1);
    const first = read(id, 'al');
    await sleep(100);
    expect(statuses(await Promise.allSettled(Array.from({ length: 5 }, () => read(id))))).toEqual(Array(5).fill(200));
    await first;
    expect(service.anycheck.calls).toBe(MOST);
    expect(statuses(await readMany(2))).toEqual([404, 429]);
  });

  it('leave so many rows where AnyCheck fails, and cost one each time that AnyCheck is asked', async () => {
    failing('UNAVAILABLE');
    const id = randomUUID();
    await expect(read(id)).rejects.toMatchObject({ status: 503 });
    await readMany(15);
    expect(await groupRows()).toHaveLength(MOST);
    service.clock.now += 1;
    await expect(read(id)).rejects.toMatchObject(TOO_MANY);
    expect(service.anycheck.calls).toBe(MOST);
  });

  it('leave so many rows in a day where AnyCheck answers any id with an empty list', async () => {
    for (let minute = 0; minute < 3; minute++) {
      for (let i = 0; i < MOST - 2; i++) {
        const id = randomUUID();
        hold(id, []);
        await read(id).catch(() => {});
      }
      service.clock.now += MINUTE;
    }
    expect(new Set((await groupRows()).map(({ pk }) => pk)).size).toBe(MOST);
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY);
    await expect(read(randomUUID(), 'al')).rejects.toMatchObject({ status: 404 });
  });

  it('that AnyCheck doesn’t know take nothing from the day, since nothing of them is kept', async () => {
    for (let minute = 0; minute < 3; minute++) {
      expect(statuses(await readMany(MOST - 2))).toEqual(Array(MOST - 2).fill(404));
      service.clock.now += MINUTE;
    }
  });

  it('take nothing from the day any more when AnyCheck shows verifications of them', async () => {
    const id = randomUUID();
    hold(id, []);
    await read(id);
    hold(id);
    expect(await service.look(id)).toMatchObject({ kind: 'published', version: 2 });
    expect(await keptOf('jo').take(MOST)).toBeDefined();
  });

  it('cost one each time that AnyCheck is asked, also where they are followed', async () => {
    const some = Array.from({ length: MOST + 1 }, () => randomUUID());
    for (const id of some) await service.bare.follow(id, service.clock.now);
    const settled = [];
    for (const id of some) settled.push(...(await Promise.allSettled([read(id)])));
    expect(statuses(settled)).toEqual([...Array(MOST).fill(404), 429]);
    expect(service.anycheck.calls).toBe(MOST);
  });

  it('cost nothing of the minute where AnyCheck may not be asked, but leave no more rows than the day allows', async () => {
    failing('HELD_BACK');
    const rest = Array.from({ length: 5 }, () => 429);
    expect(statuses(await readMany(MOST + 5))).toEqual([...rest, ...Array(MOST).fill(503)]);
    expect(await groupRows()).toHaveLength(MOST);
    expect(await of('jo').take(MOST)).toBeDefined();
  });
});

describe('groups that are followed', () => {
  const followAll = (resultIds: readonly string[], who = 'jo') =>
    follow({ ...service.deps, allowance: keptOf(who), queue: { enqueue: async () => {} } }, resultIds);
  const largeOf = (who: string) =>
    allowances({
      client: engine.client,
      table: service.table,
      now: () => service.clock.now,
      kind: 'follow',
      most: 100,
    })(who);
  const ids = (count: number) => Array.from({ length: count }, () => randomUUID());
  it('are so many for a caller until AnyCheck shows them: of a call too many none is followed', async () => {
    expect((await followAll(ids(8))).accepted).toHaveLength(8);
    await expect(followAll(ids(3))).rejects.toMatchObject(TOO_MANY);
    expect(await groupRows()).toHaveLength(8);
    expect((await followAll(ids(2))).accepted).toHaveLength(2);
    expect((await followAll(ids(1), 'al')).accepted).toHaveLength(1);
  });

  it('that are known cost nothing, whoever follows them', async () => {
    const [id = ''] = ids(1);
    await followAll([id], 'al');
    for (let i = 0; i < 2 * MOST; i++) expect(await followAll([id])).toEqual({ accepted: [], known: [id] });
    expect((await followAll(ids(MOST))).accepted).toHaveLength(MOST);
  });

  it('are given back when AnyCheck shows verifications of them, once, so that thousands can follow', async () => {
    let last = '';
    for (let i = 0; i < 3; i++) {
      const some = ids(MOST);
      await followAll(some);
      await expect(followAll(ids(1))).rejects.toMatchObject(TOO_MANY);
      for (const id of some) {
        hold(id);
        expect(await service.look(id)).toMatchObject({ kind: 'published' });
      }
      last = some.at(-1) ?? '';
    }
    expect(await service.look(last)).toMatchObject({ kind: 'unchanged' });
    await followAll(ids(MOST));
    await expect(followAll(ids(1))).rejects.toMatchObject(TOO_MANY);
  });

  it('are not given back while AnyCheck shows none, or doesn’t know them', async () => {
    const [empty = '', unknown = '', ...others] = ids(MOST);
    await followAll([empty, unknown, ...others]);
    hold(empty, []);
    expect(await service.look(empty)).toMatchObject({ kind: 'published' });
    expect(await service.look(unknown)).toMatchObject({ kind: 'failed' });
    await expect(followAll(ids(1))).rejects.toMatchObject(TOO_MANY);
    hold(empty);
    expect(await service.look(empty)).toMatchObject({ kind: 'published', version: 2 });
    await followAll(ids(1));
    await expect(followAll(ids(1))).rejects.toMatchObject(TOO_MANY);
  });

  it('stay charged to who followed them where the queue fails', async () => {
    const broken = { enqueue: () => Promise.reject(new Error('no queue')) };
    await expect(follow({ ...service.deps, allowance: keptOf('jo'), queue: broken }, ids(MOST))).rejects.toThrow(
      'no queue',
    );
    await expect(followAll(ids(1))).rejects.toMatchObject(TOO_MANY);
  });

  it('that no run came to cost nothing', async () => {
    const dying: Store = {
      ...service.bare,
      follow: () => Promise.reject(new Error('no table')),
    };
    const attempt = follow(
      { ...service.deps, store: dying, allowance: largeOf('jo'), queue: { enqueue: async () => {} } },
      ids(100),
    );
    await expect(attempt).rejects.toThrow('no table');
    // Of the first ten, some may have been written.
    expect(await largeOf('jo').take(90)).toBeDefined();
    expect(await largeOf('jo').take(1)).toBeUndefined();
  });

  it('that are known are answered to who has nothing left, and make room for what is new', async () => {
    const some = ids(MOST - 1);
    await followAll(some);
    const [one = '', two = ''] = ids(2);
    await expect(followAll([...some, one, two])).rejects.toMatchObject(TOO_MANY);
    expect(await followAll([...some, one])).toEqual({ accepted: [one], known: some });
    expect(await followAll([...some, one])).toEqual({ accepted: [], known: [...some, one] });
    await expect(followAll([...some, two])).rejects.toMatchObject(TOO_MANY);
  });
});
