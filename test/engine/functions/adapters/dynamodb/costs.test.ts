import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dueIndex } from '../../../../../functions/adapters/dynamodb/due-index.ts';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { type ListDeps, listVerifications } from '../../../../../functions/domain/read/list-verifications.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { parseListRequest } from '../../../../../functions/verifications/list-query.ts';
import { verification, verifications } from '../../../../fakes/anycheck.ts';
import { type Engine, engines } from '../../../../fakes/engine.ts';
import { type Meter, metered } from '../../../../fakes/metered.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const [, local] = engines;

/** Amazon's own engine counts what indexes take, too. */
describe.runIf(local?.available)('what it costs, by DynamoDB’s own count', () => {
  let engine: Engine;
  let service: Service;
  let count: () => Meter;
  const report: Record<string, Record<string, number>> = {};

  beforeAll(async () => {
    if (!local) throw new Error('there are two engines');
    engine = await local.start();
    count = metered(engine.client);
  });
  afterAll(async () => {
    await engine.stop();
    console.table(report);
  });
  beforeEach(async () => {
    service = await startService(engine);
  });

  const record = (what: string, { reads, writes }: Meter) => {
    report[what] = {
      'read requests': reads.requests,
      'read units': reads.units,
      'write requests': writes.requests,
      'write units': writes.units,
      'of them, index of groups': writes.indexes.groups ?? 0,
    };
  };
  const hold = (items: string[], overall = 'IN_PROGRESS') => service.anycheck.groups.set(ID, { overall, items });
  const known = async (items: string[]) => {
    await service.track(ID);
    hold(items);
    await service.refresh(ID);
  };
  const read = (query: string) => {
    const deps: ListDeps = {
      ...service.deps,
      queue: { enqueue: async () => {} },
      freshSeconds: { active: 1e9, waiting: 1e9, settled: 1e9 },
      onRead: () => {},
      onRefresh: () => {},
      onQueueFault: () => {},
    };
    return listVerifications(deps, parseListRequest(`result_id=${ID}${query}`, ''), () => AbortSignal.any([]));
  };

  it('a page of a small group: one request, a unit for each 4 KB stored', async () => {
    await known(verifications(20, 'IN_PROGRESS'));
    const meter = count();
    await read('&page_size=20');
    record('read, 20 items', meter);
    expect(meter.reads).toMatchObject({ requests: 1 });
    expect(meter.reads.units).toBeLessThanOrEqual(2);
    expect(meter.writes.requests).toBe(0);
  });

  it('a page of 10,000 items: two round trips, whatever the offset', { timeout: 120_000 }, async () => {
    await known(verifications(10_000, 'IN_PROGRESS'));
    const units: number[] = [];
    for (const offset of [0, 5_000, 9_900]) {
      const meter = count();
      await read(`&page_size=100&page_offset=${offset}`);
      record(`read, 100 of 10,000 items at ${offset}`, meter);
      expect(meter.reads.requests).toBeLessThanOrEqual(2);
      units.push(meter.reads.units);
    }
    expect(Math.max(...units)).toBeLessThanOrEqual(1.5 * Math.min(...units));
  });

  it.each([1, 250])(
    'a refresh that finds nothing new in %i items: one write of 3 units, none for the list of groups',
    async (items) => {
      await known(verifications(items, 'IN_PROGRESS'));
      const meter = count();
      expect(await service.refresh(ID)).toMatchObject({ kind: 'unchanged' });
      record(`look, nothing new in ${items}`, meter);
      expect(meter.writes).toMatchObject({ requests: 1, units: 3 });
      expect(meter.writes.indexes.groups ?? 0).toBe(0);
    },
  );

  it('a refresh that fails: a write for the index of failing groups only where failures begin or end', async () => {
    await known(verifications(20, 'IN_PROGRESS'));
    const units: number[][] = [];
    for (const isBroken of [false, true, true, true, false, false]) {
      service.clock.now += 60_000;
      service.anycheck.before = () => {
        if (isBroken) throw new UpstreamError('MALFORMED', 'of our own words', { fleetWide: false });
      };
      const meter = count();
      await service.refresh(ID);
      record(`refresh ${units.length}, ${isBroken ? 'fails' : 'succeeds'}`, meter);
      expect(meter.writes).toMatchObject({ requests: 1 });
      units.push([meter.writes.units, meter.writes.indexes.failing ?? 0]);
    }
    expect(units).toEqual([
      [3, 0],
      [4, 1],
      [3, 0],
      [3, 0],
      [4, 1],
      [3, 0],
    ]);
  });

  it('one of 10,000 items changed: three pages, as many expired, the directory twice', {
    timeout: 120_000,
  }, async () => {
    const items = verifications(10_000, 'IN_PROGRESS');
    await known(items);
    hold(items.with(5_000, verification('item-5000', 'FAILED')));
    const meter = count();
    expect(await service.refresh(ID)).toMatchObject({ kind: 'published' });
    record('look, one of 10,000 changed', meter);
    // Note, pages, history, current row, pages expired, the change before closed, the change, the schedule.
    expect(meter.writes.requests).toBeLessThanOrEqual(1 + 3 + 1 + 1 + 3 + 1 + 1 + 1);
  });

  it('groups listed by phase: what is returned is read, whatever there is beside', async () => {
    const units: number[] = [];
    for (const groups of [30, 300]) {
      const ids = Array.from({ length: groups }, () => randomUUID());
      await trackGroups(
        { store: service.bare, queue: { enqueue: async () => {} }, newGroups: UNLIMITED, now: () => service.clock.now },
        ids,
      );
      const meter = count();
      const index = groupIndex(engine.client, service.table);
      const { found } = await index.list(
        { phase: 'active', overallStatus: undefined, isFailing: false },
        { order: 'newest' },
        20,
      );
      record(`list, 20 of ${groups} groups or more`, meter);
      expect(found).toHaveLength(20);
      expect(meter.reads.requests).toBe(2);
      units.push(meter.reads.units);
    }
    expect(units[1]).toBe(units[0]);
  });

  it('a sweep: what is due is read, whatever is known beside', async () => {
    await known(verifications(1, 'IN_PROGRESS'));
    const index = dueIndex(engine.client, service.table);
    const meter = count();
    expect(await index.due(service.clock.now, 100)).toEqual([]);
    record('sweep, none due', meter);
    const ids = Array.from({ length: 200 }, () => randomUUID());
    await trackGroups(
      {
        store: service.bare,
        queue: { enqueue: async () => {} },
        newGroups: UNLIMITED,
        now: () => service.clock.now + 1e9,
      },
      ids,
    );
    const later = count();
    expect(await index.due(service.clock.now, 100)).toEqual([]);
    record('sweep, none due of 200 more', later);
    expect(later.reads.units).toBe(meter.reads.units);
  });
});
