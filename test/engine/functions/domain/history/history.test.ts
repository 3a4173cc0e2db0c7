import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Diff, diffBody } from '../../../../../functions/domain/history/diff-answer.ts';
import { groupDiff } from '../../../../../functions/domain/history/group-diff.ts';
import { groupHistory } from '../../../../../functions/domain/history/group-history.ts';
import { groupStatuses } from '../../../../../functions/domain/history/group-statuses.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';
import { exactly, patched } from '../../../../fakes/json-patch.ts';
import { dyingStore, type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const DAY = 86_400_000;
const VERSIONS = 30;
/** What packs too badly to stand inline: snapshots have pages, too. */
const FILLER = Array.from({ length: 90 }, () => randomBytes(200).toString('hex'));

let engine: Engine;
let service: Service;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
});

const hold = (items: string[], overall = 'IN_PROGRESS') => service.anycheck.groups.set(ID, { overall, items });
const read = (query = '') => service.read(ID, query);
const history = (before?: number, limit = 100) =>
  groupHistory({ store: service.bare, history: service.deps.history, now: () => service.clock.now }, ID, before, limit);
const asOf = (ms: number) => `&as_of=${encodeURIComponent(new Date(ms).toISOString())}`;

describe(`a group of ${VERSIONS} versions`, () => {
  let served: { at: number; version: number; items: readonly string[] }[];

  beforeEach(async () => {
    served = [];
    await service.track(ID);
    for (let n = 0; n < VERSIONS; n++) {
      // Now few items that stand in the current row, now many in pages.
      const items = FILLER.slice(0, n % 4 === 3 ? 3 : 90).map((filler, i) =>
        verification(i, 'IN_PROGRESS', `,"n":${i % 9 ? 0 : n},"f":"${filler}"`),
      );
      hold(items);
      await service.refresh(ID);
      for (const wait of [0, 1, 7_000]) {
        service.clock.now += wait;
        const { snapshot, items } = await read();
        served.push({ at: service.clock.now, version: snapshot.version, items });
      }
    }
  });

  it('gives of any time what a reader was served then', async () => {
    const first = served[0]?.at ?? 0;
    const times = fc.integer({ min: first, max: service.clock.now });
    const property = fc.asyncProperty(fc.oneof(times, fc.constantFrom(...served.map(({ at }) => at))), async (at) => {
      const then = served.findLast((one) => one.at <= at);
      const { snapshot, items } = await read(asOf(at));
      expect(snapshot.version).toBe(then?.version);
      expect(items).toEqual(then?.items);
    });
    await fc.assert(property, { numRuns: 100 });
    await expect(read(asOf(first - 1))).rejects.toMatchObject({ status: 404 });
    expect((await read(asOf(service.clock.now + DAY))).snapshot.version).toBe(VERSIONS);
  });

  it('returns for any two versions the patches from one to the other, digit by digit', {
    timeout: 120_000,
  }, async () => {
    const version = fc.integer({ min: 1, max: VERSIONS });
    const property = fc.asyncProperty(version, version, async (from, to) => {
      const diff = await groupDiff(service.bare, ID, from, to);
      const itemsOf = (number: number) => served.find(({ version }) => version === number)?.items ?? [];
      const [before, after] = [itemsOf(from), itemsOf(to)];
      const { verifications } = Diff.parse(JSON.parse(diff ? diffBody(diff.from, diff.to, diff.differences) : ''));
      const patches = new Map(diff?.differences.map((one) => [one.toIndex, one.patch]));
      const kept = verifications.filter(({ change }) => change === 'removed').length;
      expect(before.length - kept + verifications.filter(({ change }) => change === 'added').length).toBe(after.length);
      for (const [i, text] of after.slice(0, before.length).entries()) {
        expect(patched(before[i] ?? '', patches.get(i) ?? '[]')).toEqual(exactly(text));
      }
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('returns for any version the status of each of its verifications, in their order', async () => {
    for (let version = 1; version <= VERSIONS; version++) {
      const items = served.find((one) => one.version === version)?.items ?? [];
      const expected = items.map((text) => JSON.parse(text)).map(({ id, status }) => ({ id, status }));
      expect(await groupStatuses(service.bare, ID, version)).toEqual(expected);
    }
    await expect(groupStatuses(service.bare, ID, VERSIONS + 1)).rejects.toMatchObject({ code: 'UNKNOWN_VERSION' });
  });

  it('lists its versions, newest first, however many at once, with times that only go up', async () => {
    const all = (await history())?.items ?? [];
    expect(all.map(({ version }) => version)).toEqual(Array.from({ length: VERSIONS }, (_, i) => VERSIONS - i));
    const times = all.map(({ at }) => at).toReversed();
    expect(times).toEqual([...new Set(times)].toSorted());
    const listed: typeof all = [];
    let next: number | undefined;
    do {
      const page = await history(next, 7);
      listed.push(...(page?.items ?? []));
      next = page?.next;
    } while (next !== undefined);
    expect(listed).toEqual(all);
    for (const { at, confirmed_until } of all) expect(confirmed_until >= at).toBe(true);
  });

  it('lets a version go after the retention time: 410, and no more in the history', async () => {
    service.clock.now += 9 * DAY;
    expect((await read('&snapshot_version=1')).snapshot.version).toBe(1);
    service.clock.now += 2 * DAY;
    await expect(read('&snapshot_version=1')).rejects.toMatchObject({ status: 410 });
    await expect(groupStatuses(service.bare, ID, 1)).rejects.toMatchObject({ code: 'EXPIRED_VERSION' });
    await expect(read(asOf(served[0]?.at ?? 0))).rejects.toMatchObject({ status: 410 });
    expect((await history())?.items.map(({ version }) => version)).toEqual([VERSIONS]);
    expect((await read()).snapshot.version).toBe(VERSIONS);
  });
});

it('History returns which items were added, removed and changed, and from which status to which', async () => {
  await service.track(ID);
  hold([verification('a', 'IN_QUEUE'), verification('b')]);
  await service.refresh(ID);
  hold([verification('c'), verification('a', 'COMPLETED', ',"x":1')], 'COMPLETED');
  await service.refresh(ID);
  hold([verification('c', 'COMPLETED', ',"x":2'), verification('a', 'COMPLETED', ',"x":1')], 'COMPLETED');
  await service.refresh(ID);
  expect((await history())?.items).toMatchObject([
    { version: 3, added: 0, removed: 0, changed: 1, transitions: [], phase: 'settled', total: 2 },
    {
      version: 2,
      added: 1,
      removed: 1,
      changed: 1,
      transitions: [{ verification_id: 'a', from: 'IN_QUEUE', to: 'COMPLETED' }],
      overall_status: 'COMPLETED',
    },
    { version: 1, added: 2, removed: 0, changed: 0, transitions: [], phase: 'active' },
  ]);
});

it('What a version was confirmed by goes on as long as it stands', async () => {
  await service.track(ID);
  hold([verification('a', 'IN_QUEUE')]);
  await service.refresh(ID);
  await service.refresh(ID);
  const confirmed = service.clock.now;
  expect((await history())?.items[0]?.confirmed_until).toBe(new Date(confirmed).toISOString());
  hold([verification('a')]);
  await service.refresh(ID);
  expect((await history())?.items[1]?.confirmed_until).toBe(new Date(confirmed).toISOString());
});

it.each(['before', 'after'] as const)(
  'A publish that dies %s any of its writes leaves no gap in the history',
  async (when) => {
    for (let nth = 1; nth <= 8; nth++) {
      service = await startService(engine);
      await service.track(ID);
      hold([verification('a', 'IN_QUEUE')]);
      await service.refresh(ID);
      hold([verification('a', 'IN_PROGRESS'), verification('b')]);
      service.store = dyingStore(service.bare, nth, when).store;
      await service.refresh(ID).catch(() => {});
      service.store = service.bare;
      await service.refresh(ID);
      hold([verification('a')]);
      await service.refresh(ID);
      const items = (await history())?.items ?? [];
      expect(items.map(({ version, added, removed }) => ({ version, added, removed }))).toEqual([
        { version: 3, added: 0, removed: 1 },
        { version: 2, added: 1, removed: 0 },
        { version: 1, added: 1, removed: 0 },
      ]);
      const rows = (await rowsOf(engine.client, service.table)).filter(({ sk }) => String(sk).startsWith('change#'));
      expect(rows.map(({ expires }) => expires !== undefined)).toEqual([true, true, false]);
    }
  },
);
