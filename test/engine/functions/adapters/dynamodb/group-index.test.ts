import { randomUUID } from 'node:crypto';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { groupIndex } from '../../../../../functions/adapters/dynamodb/group-index.ts';
import { groupKey } from '../../../../../functions/adapters/dynamodb/layout/keys.ts';
import { ORDERS, type Order, positionOf } from '../../../../../functions/domain/group/position.ts';
import type { Filter } from '../../../../../functions/domain/groups/group-list.ts';
import { groupView } from '../../../../../functions/domain/groups/group-view.ts';
import { trackGroups } from '../../../../../functions/domain/groups/track-groups.ts';
import { refreshDue } from '../../../../../functions/domain/refresh/refresh-due.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { listTrackedGroups } from '../../../../../functions/groups/list-groups.ts';
import { verification } from '../../../../fakes/anycheck.ts';
import { type Engine, enginesOf } from '../../../../fakes/engine.ts';
import { UNLIMITED } from '../../../../fakes/quota.ts';
import { type Service, startService } from '../../../../fakes/service.ts';

const STATUSES = ['IN_PROGRESS', 'NEED_REVIEW', 'COMPLETED', 'FAILED'];
/** A fault that concerns one group alone. */
const FAULT = new UpstreamError('MALFORMED', 'of our own words', { fleetWide: false });
const ALL: Filter = { phase: undefined, overallStatus: undefined, isFailing: false };

describe.each(enginesOf(inject('size')))('the index of groups on $name', ({ available, start }) => {
  if (!available) {
    it.skip('needs Java', () => {});
    return;
  }

  let engine: Engine;
  let service: Service;
  let ids: string[];

  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.stop());

  const track = (resultIds: string[]) =>
    trackGroups(
      { store: service.bare, queue: { enqueue: async () => {} }, newGroups: UNLIMITED, now: () => service.clock.now },
      resultIds,
    );
  const refresh = async (resultId: string, status: string) => {
    service.anycheck.groups.set(resultId, { overall: status, items: [verification('a', status)] });
    const { schedule } = await service.bare.read(resultId);
    const due = schedule?.due ?? 0;
    service.clock.now = Math.max(service.clock.now, due);
    await refreshDue(service.deps, { resultId, due, deliveries: 1 }, new AbortController().signal);
  };
  const attempt = async (resultId: string, fault?: UpstreamError) => {
    service.clock.now += 1;
    service.anycheck.before = () => {
      if (fault) throw fault;
    };
    await service.refresh(resultId);
  };
  async function listAll(
    filter: Filter,
    limit: number,
    order: Order = 'newest',
    between: () => Promise<void> = async () => {},
  ) {
    const index = groupIndex(engine.client, service.table);
    const found: string[] = [];
    let next: string | undefined;
    do {
      const page = await listTrackedGroups(index, filter, order, next, limit);
      expect(page.found.length).toBeLessThanOrEqual(limit);
      found.push(...page.found.map(({ resultId }) => resultId));
      next = page.cursor ?? undefined;
      await between();
    } while (next !== undefined);
    return found;
  }

  beforeEach(async () => {
    service = await startService(engine);
    ids = Array.from({ length: 23 }, () => randomUUID());
    // All at the same moment: the order of equal times is one, too.
    await track(ids);
    for (const [i, resultId] of ids.entries()) await refresh(resultId, STATUSES[i % STATUSES.length] ?? '');
  });

  it.each(ORDERS.flatMap((order) => [1, 4, 100].map((limit) => ({ order, limit }))))(
    'gives each group once, in the order of the last change ($order, $limit at once)',
    async ({ order, limit }) => {
      const index = groupIndex(engine.client, service.table);
      const found = await listAll(ALL, limit, order);
      expect(found.toSorted()).toEqual(ids.toSorted());
      const changes: string[] = [];
      for (const resultId of found) {
        const group = await index.get(resultId);
        if (group) changes.push(groupView(group).last_change);
      }
      const oldestFirst = changes.toSorted();
      expect(changes).toEqual(order === 'oldest' ? oldestFirst : oldestFirst.toReversed());
    },
  );

  it.each(ORDERS)('gives those of a phase, or of a status, and no others (%s)', async (order) => {
    const of = (...statuses: string[]) => ids.filter((_, i) => statuses.includes(STATUSES[i % 4] ?? '')).toSorted();
    expect((await listAll({ ...ALL, phase: 'settled' }, 3, order)).toSorted()).toEqual(of('COMPLETED', 'FAILED'));
    expect((await listAll({ ...ALL, phase: 'waiting' }, 3, order)).toSorted()).toEqual(of('NEED_REVIEW'));
    expect((await listAll({ ...ALL, overallStatus: 'FAILED' }, 2, order)).toSorted()).toEqual(of('FAILED'));
    expect(await listAll({ ...ALL, phase: 'active', overallStatus: 'FAILED' }, 2, order)).toEqual([]);
  });

  it.each(ORDERS.flatMap((order) => [1, 2, 100].map((limit) => ({ order, limit }))))(
    'gives those whose refreshes fail, in the order in which that began, until they work again ($order, $limit at once)',
    async ({ order, limit }) => {
      const failingFilter: Filter = { ...ALL, isFailing: true };
      expect(await listAll(failingFilter, limit, order)).toEqual([]);
      // Waiting, settled, settled, active.
      const failing = [9, 2, 7, 0].map((i) => ids[i] ?? '');
      for (const id of failing) await attempt(id, FAULT);
      const [again = ''] = failing;
      await attempt(again, FAULT);
      const inOrder = (some: string[]) => (order === 'oldest' ? some : some.toReversed());
      expect(await listAll(failingFilter, limit, order)).toEqual(inOrder(failing));
      expect(await listAll({ ...failingFilter, phase: 'settled' }, limit, order)).toEqual(inOrder(failing.slice(1, 3)));
      expect(await listAll({ ...failingFilter, overallStatus: 'FAILED' }, limit, order)).toEqual(failing.slice(2, 3));
      await attempt(again);
      expect(await listAll(failingFilter, limit, order)).toEqual(inOrder(failing.slice(1)));
    },
  );

  it('returns a group once that the index shows under two phases', async () => {
    const [id = ''] = ids;
    const Item = { pk: groupKey(id), sk: 'moving', phase: 'waiting', listed: positionOf(0, id) };
    await engine.client.send(new PutCommand({ TableName: service.table, Item }));
    expect((await listAll(ALL, 100)).toSorted()).toEqual(ids.toSorted());
  });

  it('lists a group that was not fetched yet', async () => {
    const fresh = randomUUID();
    await track([fresh]);
    const { found } = await groupIndex(engine.client, service.table).list(
      { ...ALL, phase: 'active' },
      { order: 'newest' },
      100,
    );
    const group = found.find(({ resultId }) => resultId === fresh);
    expect(group && groupView(group)).toMatchObject({ version: null, total: null, status_counts: {} });
  });

  it.each(ORDERS)(
    'returns each unchanged group once by %s, and misses no changed one by oldest',
    {
      timeout: 120_000,
    },
    async (order) => {
      const Changes = fc.array(
        fc.array(
          fc.record({
            i: fc.nat(22),
            status: fc.constantFrom('CANCELLED', 'DRAFT', 'IN_QUEUE'),
            wait: fc.constantFrom(0, 1, 2_999, 10_000),
          }),
          { maxLength: 3 },
        ),
        { maxLength: 12 },
      );
      const property = fc.asyncProperty(Changes, fc.integer({ min: 1, max: 6 }), async (changes, limit) => {
        let page = 0;
        const changed = new Set<string>();
        const found = await listAll(ALL, limit, order, async () => {
          for (const { i, status, wait } of changes[page++] ?? []) {
            const id = ids[i] ?? '';
            service.clock.now += wait;
            await refresh(id, status);
            changed.add(id);
          }
        });
        const isUnchanged = (id: string) => !changed.has(id);
        expect(found.filter(isUnchanged).toSorted()).toEqual(ids.filter(isUnchanged).toSorted());
        if (order === 'oldest') expect(new Set(found)).toEqual(new Set(ids));
      });
      await fc.assert(property, { numRuns: 10 });
    },
  );

  it('returns the summary of a group', async () => {
    const [id = ''] = ids;
    const group = await groupIndex(engine.client, service.table).get(id);
    expect(group && groupView(group)).toMatchObject({
      result_id: id,
      version: 1,
      phase: 'active',
      overall_status: 'IN_PROGRESS',
      total: 1,
      status_counts: { IN_PROGRESS: 1 },
      last_error: null,
      redacted: false,
    });
  });

  it('returns why the last refresh failed, and since when', async () => {
    const [id = ''] = ids;
    service.anycheck.groups.delete(id);
    const { schedule } = await service.bare.read(id);
    const due = schedule?.due ?? 0;
    service.clock.now = Math.max(service.clock.now, due);
    await refreshDue(service.deps, { resultId: id, due, deliveries: 1 }, new AbortController().signal);
    const group = await groupIndex(engine.client, service.table).get(id);
    expect(group && groupView(group).last_error).toEqual({
      code: 'NOT_FOUND',
      at: new Date(service.clock.now).toISOString(),
      failures: 1,
    });
  });
});
