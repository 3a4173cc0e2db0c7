import { randomBytes } from 'node:crypto';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { erase, redact } from '../../../../../functions/domain/erasure/erase.ts';
import { replay } from '../../../../../functions/domain/erasure/replay.ts';
import { unpack } from '../../../../../functions/domain/group/pages.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { groupHistory } from '../../../../../functions/domain/history/group-history.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import type { Store } from '../../../../../functions/domain/store/ports.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { type Engine, kindOfRow, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const MINUTE = 60_000;
/** What may not be found of a person. */
const PERSONAL = /Siti|317\d{5}|letter-\w+/;

let engine: Engine;
let service: Service;
let recorded: string[];

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  recorded = [];
});

const ledger = { record: async (kind: string, resultId: string) => void recorded.push(`${kind} ${resultId}`) };
const queue = { enqueue: async () => {} };
const now = () => service.clock.now;
const deps = (store: Store = service.bare) => ({ store, ledger, queue, newGroups: UNLIMITED, now });

const person = (i: number, n: number, filler: string) =>
  `{"id":"i${i}","service":{"name":"KTP"},"user_id":"letter-${filler}","status":"COMPLETED","output":{"name":"Siti ${n}","nik":"317${String(i).padStart(5, '0')}"},"credit_used":1.50}`;
/** Small enough for the current row, and too large for it. */
const SIZES = { few: { count: 3, filler: 'a' }, many: { count: 90, filler: randomBytes(400).toString('hex') } };
const hold = (size: keyof typeof SIZES, n: number) => {
  const { count, filler } = SIZES[size];
  const items = Array.from({ length: count }, (_, i) => person(i, i % 7 === 0 ? n : 0, filler + i));
  service.anycheck.groups.set(ID, { overall: 'COMPLETED', items });
};
const read = (query = '', cacheControl = '') => service.read(ID, query, cacheControl);
/** A group of three versions. */
async function known(size: keyof typeof SIZES): Promise<void> {
  await service.track(ID);
  for (let n = 1; n <= 3; n++) {
    hold(size, n);
    await service.refresh(ID);
  }
}
/** Every value of every row, unpacked. */
async function stored(): Promise<string> {
  const rows = await rowsOf(engine.client, service.table);
  const text = (value: unknown): string => {
    if (!(value instanceof Uint8Array)) return JSON.stringify(value) ?? '';
    try {
      return unpack(value).join('\n');
    } catch {
      return '';
    }
  };
  return rows.map((row) => `${Object.entries(row).map(([name, value]) => `${name}=${text(value)}`)}`).join('\n');
}
/** Whatever the worker is due for, until nothing is left to clean. */
async function cleaned(): Promise<void> {
  for (let refreshes = 0; refreshes < 4; refreshes++) {
    const { schedule } = await service.bare.read(ID);
    if (schedule?.cleanUntil === undefined) return;
    service.clock.now = Math.max(service.clock.now, schedule.due ?? 0);
    await service.refresh(ID);
  }
}

describe.each(['few', 'many'] as const)('an erased group (of %s verifications)', (size) => {
  beforeEach(() => known(size));

  it('is unreadable at once, without a call to AnyCheck, and recorded', async () => {
    const { calls } = service.anycheck;
    await erase(deps(), ID);
    for (const query of ['', '&snapshot_version=1', `&as_of=${new Date(now()).toISOString()}`]) {
      await expect(read(query)).rejects.toMatchObject({ status: 404 });
    }
    await expect(read('', 'no-cache')).rejects.toMatchObject({ status: 404 });
    expect(await groupHistory({ ...deps(), history: service.deps.history }, ID, undefined, 9)).toBeUndefined();
    expect(await groupIndex(engine.client, service.table).get(ID)).toBeUndefined();
    expect(service.anycheck.calls).toBe(calls);
    expect(recorded).toEqual([`erase ${ID}`]);
  });

  it('is gone within 20 minutes, but for a row that counts its versions', async () => {
    const at = now();
    await erase(deps(), ID);
    await cleaned();
    expect(now() - at).toBeLessThan(20 * MINUTE);
    expect(await stored()).not.toMatch(PERSONAL);
    const rows = await rowsOf(engine.client, service.table);
    expect(rows.map(kindOfRow)).toEqual(['event#group.erased', 'head#current', 'head#schedule']);
    expect((await service.bare.read(ID)).schedule).toMatchObject({ kind: 'tombstone', due: undefined });
  });

  it('is tracked anew from then on, its versions counting on, and those before are not found', async () => {
    await erase(deps(), ID);
    expect(await trackGroups(deps(), [ID])).toEqual({ accepted: [ID], known: [] });
    expect(await trackGroups(deps(), [ID])).toEqual({ accepted: [], known: [ID] });
    await service.refresh(ID);
    expect((await read()).snapshot.version).toBe(4);
    for (const version of [1, 2, 3]) {
      await expect(read(`&snapshot_version=${version}`)).rejects.toMatchObject({ status: 404 });
    }
    const history = await groupHistory({ ...deps(), history: service.deps.history }, ID, undefined, 9);
    expect(history?.items.map(({ version }) => version)).toEqual([4]);
    await cleaned();
    expect((await read()).items).toHaveLength(SIZES[size].count);
    expect(await stored()).not.toMatch(/Siti [12]/);
  });

  it('is tracked anew without the failures that its refreshes had before the erasure', async () => {
    service.anycheck.before = () => {
      throw new UpstreamError('MALFORMED', 'of our own words');
    };
    await service.refresh(ID);
    await erase(deps(), ID);
    await cleaned();
    await trackGroups(deps(), [ID]);
    expect((await service.bare.read(ID)).schedule).toMatchObject({ failures: 0, failingSince: undefined });
  });

  it('stays erased when it is erased again', async () => {
    await erase(deps(), ID);
    await cleaned();
    await erase(deps(), ID);
    await cleaned();
    await trackGroups(deps(), [ID]);
    await service.refresh(ID);
    expect((await read()).snapshot.version).toBe(4);
  });
});

it('An unknown group is erased as well: AnyCheck gets no call for it until it is tracked', async () => {
  hold('few', 1);
  await erase(deps(), ID);
  await cleaned();
  await expect(read()).rejects.toMatchObject({ status: 404 });
  expect(service.anycheck.calls).toBe(0);
  await trackGroups(deps(), [ID]);
  await service.refresh(ID);
  expect((await read()).snapshot.version).toBe(1);
});

describe.each(['few', 'many'] as const)('a redacted group (of %s verifications)', (size) => {
  beforeEach(() => known(size));

  it('is served without personal values at once, in every version', async () => {
    const before = await read('&snapshot_version=2');
    expect(await redact(deps(), ID)).toBe(true);
    for (const query of ['', '&snapshot_version=1', '&snapshot_version=2']) {
      const { items } = await read(query);
      expect(items).toHaveLength(before.items.length);
      expect(items.join()).not.toMatch(PERSONAL);
      expect(items[0]).toBe(
        '{"id":"i0","service":{"name":"KTP"},"user_id":null,"status":"COMPLETED","output":null,"credit_used":1.50}',
      );
    }
    expect(recorded).toEqual([`redact ${ID}`]);
  });

  it('is stored so within 20 minutes, its versions as they were counted', async () => {
    const at = now();
    await redact(deps(), ID);
    await cleaned();
    expect(now() - at).toBeLessThan(20 * MINUTE);
    expect(await stored()).not.toMatch(PERSONAL);
    expect((await read()).snapshot.version).toBe(3);
    expect((await read('&snapshot_version=2')).items).toHaveLength(SIZES[size].count);
  });

  it('is redacted in what is fetched later, which makes a version only where something else changed', async () => {
    await redact(deps(), ID);
    await cleaned();
    hold(size, 4);
    service.clock.now += 24 * 60 * MINUTE;
    await read('', 'no-cache');
    expect((await read()).snapshot.version).toBe(3);
    service.anycheck.groups.set(ID, { overall: 'FAILED', items: [person(0, 5, 'b').replace('COMPLETED', 'FAILED')] });
    service.clock.now += 24 * 60 * MINUTE;
    const { snapshot, items } = await read('', 'no-cache');
    expect(snapshot.version).toBe(4);
    expect(items.join()).not.toMatch(PERSONAL);
    expect(await stored()).not.toMatch(PERSONAL);
  });

  it('is redacted without AnyCheck', async () => {
    service.anycheck.before = () => {
      throw new Error('AnyCheck is called');
    };
    await redact(deps(), ID);
    await service.refresh(ID).catch(() => {});
    expect(await stored()).not.toMatch(PERSONAL);
  });

  it('stays redacted when it is erased and tracked anew', async () => {
    await redact(deps(), ID);
    await erase(deps(), ID);
    await trackGroups(deps(), [ID]);
    await service.refresh(ID);
    expect((await read()).items.join()).not.toMatch(PERSONAL);
  });
});

it('Redaction of a group that is not tracked is refused', async () => {
  expect(await redact(deps(), ID)).toBe(false);
  await erase(deps(), ID);
  expect(await redact(deps(), ID)).toBe(false);
  expect(recorded).toEqual([`erase ${ID}`]);
});

describe('a group that is erased some days after it settled', () => {
  const DAY = 24 * 60 * MINUTE;
  const ERASE_AFTER = 5 * DAY;
  const refreshOnce = async () => {
    const { schedule } = await service.bare.read(ID);
    const due = schedule?.due ?? Number.NaN;
    service.clock.now = Math.max(service.clock.now, due);
    const worker = { ...service.deps, groupRetentionMs: ERASE_AFTER, erase: (id: string) => erase(deps(), id) };
    return refreshDue(worker, { resultId: ID, due, deliveries: 1 }, new AbortController().signal);
  };

  it('is erased when it is due for it, and not before, without a call to AnyCheck', async () => {
    await service.track(ID);
    hold('few', 1);
    await refreshOnce();
    const settled = now();
    let kind = '';
    while (kind !== 'erased') {
      const { calls } = service.anycheck;
      ({ kind } = await refreshOnce());
      if (kind === 'erased') expect(service.anycheck.calls).toBe(calls);
    }
    expect(now() - settled).toBeGreaterThanOrEqual(ERASE_AFTER);
    expect(now() - settled).toBeLessThan(ERASE_AFTER + 60 * MINUTE);
    await cleaned();
    expect(await stored()).not.toMatch(PERSONAL);
    expect(recorded).toEqual([`erase ${ID}`]);
  });

  it('stays while it is not settled', async () => {
    await service.track(ID);
    service.anycheck.groups.set(ID, {
      overall: 'NEED_REVIEW',
      items: [person(0, 1, 'a').replace('COMPLETED', 'NEED_REVIEW')],
    });
    await refreshOnce();
    service.clock.now += 10 * DAY;
    expect(await refreshOnce()).toMatchObject({ kind: 'unchanged' });
  });
});

describe('a restore to a moment before', () => {
  it.each(['erase', 'redact'] as const)('has what was done since (%s) done again', async (kind) => {
    await known('many');
    const before = await rowsOf(engine.client, service.table);
    const entry = { kind, resultId: ID, at: now() };
    await (kind === 'erase' ? erase(deps(), ID) : redact(deps(), ID));
    await cleaned();
    const after = await rowsOf(engine.client, service.table);
    expect(await replay(deps(), [entry])).toEqual({ redacted: 0, erased: 0, unchanged: 1 });
    for (const { pk, sk } of after) {
      await engine.client.send(new DeleteCommand({ TableName: service.table, Key: { pk, sk } }));
    }
    for (const Item of before) await engine.client.send(new PutCommand({ TableName: service.table, Item }));
    expect(await stored()).toMatch(PERSONAL);
    await replay(deps(), [entry]);
    await cleaned();
    expect(await stored()).not.toMatch(PERSONAL);
  });

  it('to before the group was tracked keeps its redaction for when it is tracked again', async () => {
    hold('few', 1);
    await replay(deps(), [{ kind: 'redact', resultId: ID, at: now() }]);
    await trackGroups(deps(), [ID]);
    await service.refresh(ID);
    expect((await read()).items.join()).not.toMatch(PERSONAL);
  });
});

describe('with a refresh under way at any step', () => {
  it.each(['few', 'many'] as const)(
    'nothing personal comes back (%s verifications)',
    { timeout: 300_000 },
    async (size) => {
      const Runs = fc.record({
        kind: fc.constantFrom('erase', 'redact'),
        /** Calls of the refresh to the store before it. */
        after: fc.nat(9),
        /** Whether the rest of the refresh comes after the first cleaning. */
        isSlow: fc.boolean(),
      });
      const property = fc.asyncProperty(Runs, async ({ kind, after, isSlow }) => {
        service = await startService(engine);
        await known(size);
        hold(size, 9);
        const held = Promise.withResolvers<void>();
        const reached = Promise.withResolvers<void>();
        let calls = 0;
        const slow = new Proxy(service.bare, {
          get(target, name) {
            const method = Reflect.get(target, name);
            if (typeof method !== 'function') return method;
            return async (...args: unknown[]) => {
              if (calls++ === after) {
                reached.resolve();
                await held.promise;
              }
              return Reflect.apply(method, target, args);
            };
          },
        });
        const { schedule } = await service.bare.read(ID);
        const due = schedule?.due ?? 0;
        service.clock.now = Math.max(service.clock.now, due);
        const message = { resultId: ID, due, deliveries: 1 };
        const refreshing = refreshDue({ ...service.deps, store: slow }, message, new AbortController().signal);
        await Promise.race([reached.promise, refreshing]);
        await (kind === 'erase' ? erase(deps(), ID) : redact(deps(), ID));
        if (isSlow) await service.refresh(ID);
        held.resolve();
        await refreshing;
        await cleaned();
        expect(await stored()).not.toMatch(PERSONAL);
        if (kind === 'erase') await expect(read()).rejects.toMatchObject({ status: 404 });
        else expect((await read()).items.join()).not.toMatch(PERSONAL);
      });
      await fc.assert(property, { numRuns: 30 });
    },
  );
});
