import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { quotas } from '../../../../../functions/adapters/dynamodb/quota-rows.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { listVerifications } from '../../../../../functions/domain/read/list-verifications.ts';
import type { Quota } from '../../../../../functions/domain/read/quota.ts';
import type { Due } from '../../../../../functions/domain/refresh/queue.ts';
import type { Store } from '../../../../../functions/domain/store/ports.ts';
import { UpstreamError, type UpstreamReason } from '../../../../../functions/domain/upstream/errors.ts';
import { parseListRequest } from '../../../../../functions/verifications/list-query.ts';
import { answered } from '../../../../fakes/answered.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { type Service, startService, unpacked } from '../../../../fakes/service.ts';

const MAX = 10;
const MINUTE = 60_000;
const DAY = 86_400_000;
const TOO_MANY = { status: 429, code: 'QUOTA_EXCEEDED', retryAfter: 60 };
/** Until midnight UTC. */
const TOO_MANY_NEW = () => ({
  ...TOO_MANY,
  retryAfter: Math.ceil((DAY - (service.clock.now % DAY)) / 1000),
});

let engine: Engine;
let service: Service;
let unknownReadsOf: (who: string) => Quota;
let newGroupsOf: (who: string) => Quota;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  const now = () => service.clock.now;
  const options = {
    client: engine.client,
    table: service.table,
    now,
    max: MAX,
    onFault: () => {},
    countTimeoutMs: 30_000,
  };
  unknownReadsOf = quotas({ ...options, kind: 'read' });
  newGroupsOf = quotas({ ...options, kind: 'follow' });
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

describe('reads of groups without a snapshot', () => {
  const read = async (resultId: string, who = 'jo', cacheControl = '') => {
    const deps = {
      ...service.deps,
      unknownReads: unknownReadsOf(who),
      newGroups: newGroupsOf(who),
      queue: { enqueue: async () => {} },
      freshSeconds: { active: 5, waiting: 60, settled: 900 },
      sleep: async () => void (await sleep(1)),
      onRefresh: () => {},
      onRead: () => {},
      onQueueFault: () => {},
    };
    const request = parseListRequest(`result_id=${resultId}`, cacheControl);
    return unpacked(await answered(listVerifications(deps, request, () => AbortSignal.timeout(5_000))));
  };
  const readOneByOne = async (count: number, who?: string) => {
    const settled = [];
    for (let i = 0; i < count; i++) settled.push(...(await Promise.allSettled([read(randomUUID(), who)])));
    return statuses(settled);
  };
  const readAtOnce = async (count: number, who?: string) =>
    statuses(await Promise.allSettled(Array.from({ length: count }, () => read(randomUUID(), who))));

  it('are refused once the minute is spent: AnyCheck gets no call, and no row is left', async () => {
    expect(await readOneByOne(MAX + 5)).toEqual([...Array(MAX).fill(404), ...Array(5).fill(429)]);
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY);
    expect(service.anycheck.calls).toBe(MAX);
    expect(await groupRows()).toEqual([]);
    service.clock.now += MINUTE;
    expect(await readOneByOne(1)).toEqual([404]);
  });

  it('exceed the minute by at most the calls under way at once, and are refused after them', async () => {
    await readOneByOne(MAX - 1);
    const atOnce = 7;
    let underWay = 0;
    // Nothing is answered, and so nothing is counted, before all of them have asked.
    service.anycheck.before = async () => {
      underWay++;
      while (underWay < atOnce) await sleep(1);
    };
    expect(await readAtOnce(atOnce)).toEqual(Array(atOnce).fill(404));
    expect(service.anycheck.calls).toBe(MAX - 1 + atOnce);
    expect(await readAtOnce(atOnce)).toEqual(Array(atOnce).fill(429));
    expect(service.anycheck.calls).toBe(MAX - 1 + atOnce);
  });

  it('of one caller take nothing from another', async () => {
    await readOneByOne(MAX + 1);
    await expect(read(randomUUID(), 'al')).rejects.toMatchObject({ status: 404 });
  });

  it('never refuse a read of a known group, also one that calls AnyCheck, however spent', async () => {
    const known = randomUUID();
    hold(known);
    await read(known);
    await readOneByOne(MAX + 1);
    await newGroupsOf('jo').count(MAX);
    expect((await read(known)).items).toHaveLength(1);
    service.clock.now += MINUTE / 2;
    hold(known, [verification('a'), verification('b')]);
    expect((await read(known, 'jo', 'no-cache')).items).toHaveLength(2);
    expect(await unknownReadsOf('jo').remaining()).toBe(0);
  });

  it('are not counted where AnyCheck shows items: any number can be read for the first time', async () => {
    for (let i = 0; i < 3 * MAX; i++) {
      const id = randomUUID();
      hold(id);
      expect((await read(id)).snapshot.version).toBe(1);
    }
    expect(await unknownReadsOf('jo').remaining()).toBe(MAX);
    expect(await newGroupsOf('jo').remaining()).toBe(MAX);
  });

  it('are counted where AnyCheck’s answer is empty, as it may be for any id', async () => {
    for (let i = 0; i < MAX; i++) {
      const id = randomUUID();
      hold(id, []);
      expect((await read(id)).items).toEqual([]);
    }
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY);
  });

  it('are counted once however many wait for the same fetch, and not for a caller who waits for another’s', async () => {
    const id = randomUUID();
    service.anycheck.before = () => sleep(300);
    const first = read(id, 'al');
    await sleep(100);
    const waiting = Array.from({ length: 5 }, (_, i) => read(id, i === 0 ? 'al' : 'jo'));
    expect(statuses(await Promise.allSettled([first, ...waiting]))).toEqual(Array(6).fill(404));
    expect(service.anycheck.calls).toBe(1);
    expect(await unknownReadsOf('al').remaining()).toBe(MAX - 1);
    expect(await unknownReadsOf('jo').remaining()).toBe(MAX);
  });

  it('are answered to a caller without quota where another caller’s fetch is under way', async () => {
    const id = randomUUID();
    hold(id);
    await unknownReadsOf('jo').count(MAX);
    service.anycheck.before = () => sleep(300);
    const first = read(id, 'al');
    await sleep(100);
    expect((await read(id)).items).toHaveLength(1);
    await first;
    expect(service.anycheck.calls).toBe(1);
  });

  it('are counted for each failed call to AnyCheck, and each row that they leave once', async () => {
    failing('UNAVAILABLE');
    const id = randomUUID();
    await expect(read(id)).rejects.toMatchObject({ status: 503 });
    service.clock.now += MINUTE;
    await expect(read(id)).rejects.toMatchObject({ status: 503 });
    expect(await unknownReadsOf('jo').remaining()).toBe(MAX - 1);
    expect(await newGroupsOf('jo').remaining()).toBe(MAX - 1);
    await readOneByOne(MAX + 5);
    expect(await groupRows()).toHaveLength(MAX);
    service.clock.now += 1;
    await expect(read(id)).rejects.toMatchObject(TOO_MANY);
  });

  it('count where the refresh breaks off after the call to AnyCheck', async () => {
    const id = randomUUID();
    hold(id);
    service.store = { ...service.bare, finish: () => Promise.reject(new Error('no table')) };
    await expect(read(id)).rejects.toThrow('no table');
    expect(await unknownReadsOf('jo').remaining()).toBe(MAX - 1);
    expect(await newGroupsOf('jo').remaining()).toBe(MAX - 1);
  });

  it('leave only so many rows in a day where AnyCheck answers any id with an empty list', async () => {
    for (let minute = 0; minute < 3; minute++) {
      for (let i = 0; i < MAX - 2; i++) {
        const id = randomUUID();
        hold(id, []);
        await read(id).catch(() => {});
      }
      service.clock.now += MINUTE;
    }
    expect(new Set((await groupRows()).map(({ pk }) => pk)).size).toBe(MAX);
    await expect(read(randomUUID())).rejects.toMatchObject(TOO_MANY_NEW());
    await expect(read(randomUUID(), 'al')).rejects.toMatchObject({ status: 404 });
  });

  it('that AnyCheck does not know use nothing of the day, since no row is left', async () => {
    for (let minute = 0; minute < 3; minute++) {
      expect(await readOneByOne(MAX - 2)).toEqual(Array(MAX - 2).fill(404));
      service.clock.now += MINUTE;
    }
  });

  it('keep their row counted when AnyCheck shows items later', async () => {
    const id = randomUUID();
    hold(id, []);
    await read(id);
    hold(id);
    expect(await service.refresh(id)).toEqual({ kind: 'announced' });
    expect(await service.refresh(id)).toMatchObject({ kind: 'published', version: 2 });
    expect(await newGroupsOf('jo').remaining()).toBe(MAX - 1);
  });

  it('are counted for each call to AnyCheck, also where the group is tracked', async () => {
    const some = Array.from({ length: MAX + 1 }, () => randomUUID());
    for (const id of some) await service.bare.track(id, service.clock.now);
    const settled = [];
    for (const id of some) settled.push(...(await Promise.allSettled([read(id)])));
    expect(statuses(settled)).toEqual([...Array(MAX).fill(404), 429]);
    expect(service.anycheck.calls).toBe(MAX);
    expect(await newGroupsOf('jo').remaining()).toBe(MAX);
  });

  it.each(['RATE_LIMITED', 'NO_CREDENTIALS'] as const)(
    'use nothing of the minute where AnyCheck gets no call (%s), but leave no more rows than the day allows',
    async (reason) => {
      failing(reason);
      expect(await readOneByOne(MAX + 5)).toEqual([...Array(5).fill(429), ...Array(MAX).fill(503)]);
      expect(await groupRows()).toHaveLength(MAX);
      expect(await unknownReadsOf('jo').remaining()).toBe(MAX);
    },
  );
});

describe('groups that are tracked', () => {
  const trackAll = (resultIds: readonly string[], who = 'jo') =>
    answered(
      trackGroups({ ...service.deps, newGroups: newGroupsOf(who), queue: { enqueue: async () => {} } }, resultIds),
    );
  const ids = (count: number) => Array.from({ length: count }, () => randomUUID());

  it('are limited to so many new ones a caller and day: of a call beyond that, none is tracked', async () => {
    expect((await trackAll(ids(8))).accepted).toHaveLength(8);
    await expect(trackAll(ids(3))).rejects.toMatchObject(TOO_MANY_NEW());
    expect(await groupRows()).toHaveLength(8);
    expect((await trackAll(ids(2))).accepted).toHaveLength(2);
    await expect(trackAll(ids(1))).rejects.toMatchObject(TOO_MANY_NEW());
    expect((await trackAll(ids(1), 'al')).accepted).toHaveLength(1);
    service.clock.now += DAY;
    expect((await trackAll(ids(MAX))).accepted).toHaveLength(MAX);
  });

  it('exceed the day by at most the new groups of the calls under way at once', async () => {
    await trackAll(ids(MAX - 4));
    const calls = 3;
    const settled = await Promise.allSettled(Array.from({ length: calls }, () => trackAll(ids(4))));
    const accepted = settled.filter(({ status }) => status === 'fulfilled').length * 4;
    expect(accepted).toBeGreaterThanOrEqual(4);
    expect(await groupRows()).toHaveLength(MAX - 4 + accepted);
    await expect(trackAll(ids(1))).rejects.toMatchObject(TOO_MANY_NEW());
  });

  it('stay counted when AnyCheck shows verifications of them', async () => {
    const [id = '', ...others] = ids(MAX);
    await trackAll([id, ...others]);
    hold(id);
    expect(await service.refresh(id)).toMatchObject({ kind: 'published' });
    await expect(trackAll(ids(1))).rejects.toMatchObject(TOO_MANY_NEW());
  });

  it('that are known cost nothing, whichever caller tracks them', async () => {
    const [id = ''] = ids(1);
    await trackAll([id], 'al');
    for (let i = 0; i < 2 * MAX; i++) expect(await trackAll([id])).toEqual({ accepted: [], known: [id] });
    expect((await trackAll(ids(MAX))).accepted).toHaveLength(MAX);
  });

  it('are counted and queued where the store fails halfway, and the failure is thrown', async () => {
    const some = ids(MAX);
    const queued: string[] = [];
    const store: Store = {
      ...service.bare,
      track: (id, at) => (id === some[3] ? Promise.reject(new Error('no store')) : service.bare.track(id, at)),
    };
    const queue = { enqueue: async (groups: readonly Due[]) => void queued.push(...groups.map((one) => one.resultId)) };
    const tracking = trackGroups({ ...service.deps, store, queue, newGroups: newGroupsOf('jo') }, some);
    await expect(tracking).rejects.toThrow('no store');
    expect(queued).toHaveLength((await groupRows()).length);
    expect(await newGroupsOf('jo').remaining()).toBe(MAX - queued.length);
  });

  it('are counted where the queue fails, since their rows are there', async () => {
    const broken = { enqueue: () => Promise.reject(new Error('no queue')) };
    await expect(
      trackGroups({ ...service.deps, newGroups: newGroupsOf('jo'), queue: broken }, ids(MAX)),
    ).rejects.toThrow('no queue');
    await expect(trackAll(ids(1))).rejects.toMatchObject(TOO_MANY_NEW());
  });

  it('that are known are answered to a caller whose day is spent, and make room for what is new', async () => {
    const some = ids(MAX - 1);
    await trackAll(some);
    const [one = '', two = ''] = ids(2);
    await expect(trackAll([...some, one, two])).rejects.toMatchObject(TOO_MANY_NEW());
    expect(await trackAll([...some, one])).toEqual({ accepted: [one], known: some });
    expect(await trackAll([...some, one])).toEqual({ accepted: [], known: [...some, one] });
    await expect(trackAll([...some, two])).rejects.toMatchObject(TOO_MANY_NEW());
  });
});
