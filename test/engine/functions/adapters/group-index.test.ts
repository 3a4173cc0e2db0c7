import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { groupIndex } from '../../../../functions/adapters/group-index.ts';
import { follow } from '../../../../functions/domain/follow.ts';
import { groupView } from '../../../../functions/domain/group-view.ts';
import type { Filter } from '../../../../functions/domain/ports.ts';
import { refreshDue } from '../../../../functions/domain/refresh-due.ts';
import { walk } from '../../../../functions/domain/walk.ts';
import { verification } from '../../../fakes/anycheck.ts';
import { type Engine, engines } from '../../../fakes/engine.ts';
import { UNLIMITED } from '../../../fakes/quota.ts';
import { type Service, startService } from '../../../fakes/service.ts';

const STATUSES = ['IN_PROGRESS', 'NEED_REVIEW', 'COMPLETED', 'FAILED'];
const ALL: Filter = { phase: undefined, overallStatus: undefined };

describe.each(engines)('the index of groups on $name', ({ available, start }) => {
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

  const followed = (resultIds: string[]) =>
    follow(
      { store: service.bare, queue: { enqueue: async () => {} }, newGroups: UNLIMITED, now: () => service.clock.now },
      resultIds,
    );
  const look = async (resultId: string, status: string) => {
    service.anycheck.groups.set(resultId, { overall: status, items: [verification('a', status)] });
    const { schedule } = await service.bare.read(resultId);
    const due = schedule?.due ?? 0;
    service.clock.now = Math.max(service.clock.now, due);
    await refreshDue(service.deps, { resultId, due, deliveries: 1 }, new AbortController().signal);
  };
  async function walkAll(filter: Filter, limit: number, between: () => Promise<void> = async () => {}) {
    const deps = {
      groups: groupIndex(engine.client, service.table),
      history: service.deps.history,
      now: () => service.clock.now,
    };
    const found: string[] = [];
    let next: string | undefined;
    do {
      const page = await walk(deps, filter, next, limit);
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
    await followed(ids);
    for (const [i, resultId] of ids.entries()) await look(resultId, STATUSES[i % STATUSES.length] ?? '');
  });

  it.each([1, 4, 100])('gives each group once, the last changed first (%i at once)', async (limit) => {
    const index = groupIndex(engine.client, service.table);
    const found = await walkAll(ALL, limit);
    expect(found.toSorted()).toEqual(ids.toSorted());
    const changes: string[] = [];
    for (const resultId of found) {
      const group = await index.get(resultId);
      if (group) changes.push(groupView(group).last_change);
    }
    expect(changes).toEqual(changes.toSorted().toReversed());
  });

  it('gives those of a phase, or of a status, and no others', async () => {
    const of = (...statuses: string[]) => ids.filter((_, i) => statuses.includes(STATUSES[i % 4] ?? '')).toSorted();
    expect((await walkAll({ ...ALL, phase: 'settled' }, 3)).toSorted()).toEqual(of('COMPLETED', 'FAILED'));
    expect((await walkAll({ ...ALL, phase: 'waiting' }, 3)).toSorted()).toEqual(of('NEED_REVIEW'));
    expect((await walkAll({ ...ALL, overallStatus: 'FAILED' }, 2)).toSorted()).toEqual(of('FAILED'));
    expect(await walkAll({ phase: 'active', overallStatus: 'FAILED' }, 2)).toEqual([]);
  });

  it('lists a group that was not fetched yet', async () => {
    const fresh = randomUUID();
    await followed([fresh]);
    const { found } = await groupIndex(engine.client, service.table).list({ ...ALL, phase: 'active' }, {}, 100);
    const group = found.find(({ resultId }) => resultId === fresh);
    expect(group && groupView(group)).toMatchObject({ version: null, total: null, status_counts: {} });
  });

  it('gives each group once, also where groups change during the walk, once or again and again', {
    timeout: 120_000,
  }, async () => {
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
      const found = await walkAll(ALL, limit, async () => {
        for (const { i, status, wait } of changes[page++] ?? []) {
          service.clock.now += wait;
          await look(ids[i] ?? '', status);
        }
      });
      expect(found.toSorted()).toEqual(ids.toSorted());
    });
    await fc.assert(property, { numRuns: 10 });
  });

  it('tells a group in a few words', async () => {
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

  it('tells why the last look failed, and since when', async () => {
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
