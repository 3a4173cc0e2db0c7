import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../../functions/domain/group/phase.ts';
import { ORDERS, type Order, positionOf } from '../../../../functions/domain/group/position.ts';
import { letsThrough } from '../../../../functions/domain/groups/group-filter.ts';
import type { Filter, Groups } from '../../../../functions/domain/groups/group-list.ts';
import { listTrackedGroups } from '../../../../functions/groups/list-groups.ts';
import { scheduleAt } from '../../../fakes/schedule.ts';

const ALL: Filter = { phase: undefined, overallStatus: undefined, isFailing: false };
const BEGAN = 1_800_000_000_000;

interface Entry {
  readonly id: string;
  readonly position: string;
  readonly phase: Phase;
  /** From when on the index shows it in place of the entry before, ms. */
  readonly visible: number;
}
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const all = (count: number) => Array.from({ length: count }, (_, n) => idOf(n));

const Changes = fc.array(
  fc.array(
    fc.record({
      n: fc.nat(29),
      phase: fc.constantFrom<Phase[]>('active', 'waiting', 'settled'),
      wait: fc.constantFrom(0, 0, 1, 500, 4_999, 15_000),
    }),
    { maxLength: 8 },
  ),
  { maxLength: 30 },
);
const Lags = fc.infiniteStream(fc.constantFrom(0, 0, 1, 200, 4_000));
const Limit = fc.integer({ min: 1, max: 12 });
const Interval = fc.constantFrom(0, 1, 700, 20_000);

/** Groups whose changes come into the index some ms after they were made, as DynamoDB's do. */
function world(lag: () => number = () => 0) {
  const clock = { now: BEGAN };
  const groups = new Map<string, { at: number; entries: Entry[] }>();
  const change = (id: string, phase: Phase = 'active') => {
    const { at: before = 0, entries = [] } = groups.get(id) ?? {};
    const at = Math.max(clock.now, before + 1);
    const visible = Math.max(at + lag(), entries.at(-1)?.visible ?? 0);
    groups.set(id, { at, entries: [...entries, { id, position: positionOf(at, id), phase, visible }] });
  };
  const shown = () =>
    [...groups.values()].flatMap(({ entries }) => entries.findLast(({ visible }) => visible <= clock.now) ?? []);
  const reads = { lists: 0, entries: 0 };
  const index: Pick<Groups, 'list'> = {
    async list(filter, { order, before = '~', after = '' }, limit) {
      const found = shown()
        .filter(
          ({ position, phase }) =>
            position < before &&
            position > after &&
            letsThrough(filter, { phase, overallStatus: null, isFailing: true }),
        )
        .toSorted((a, b) => (a.position < b.position === (order === 'oldest') ? -1 : 1));
      const page = found.slice(0, limit);
      reads.lists++;
      reads.entries += page.length;
      return {
        found: page.map(({ id, phase }) => ({ resultId: id, schedule: { ...scheduleAt(0, undefined), phase } })),
        next: found.length > limit ? page.at(-1)?.position : undefined,
      };
    },
  };
  const page = (order: Order, cursor: string | undefined, limit: number, filter = ALL) =>
    listTrackedGroups(index, filter, order, cursor, limit);
  /** @param between what happens after each page. */
  async function listAll(order: Order, limit: number, between: (page: number) => void = () => {}, filter = ALL) {
    const ids: string[] = [];
    const cursors: string[] = [];
    let cursor: string | null | undefined;
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(2_000);
      const { found, cursor: next } = await page(order, cursor, limit, filter);
      expect(found.length).toBeLessThanOrEqual(limit);
      ids.push(...found.map(({ resultId }) => resultId));
      cursor = next;
      if (cursor !== null) cursors.push(cursor);
      between(pages);
    }
    return { ids, cursors };
  }
  const pageSince = (order: Order, changedSince: number, cursor?: string, filter = ALL) =>
    listTrackedGroups(index, filter, order, cursor, 2, changedSince);
  return { clock, change, page, pageSince, listAll, reads };
}

/** 30 groups that the index shows, and whose later changes it shows after a while. @param interval ms between their changes. */
function settled(lags: Iterator<number>, interval: number) {
  let isBegun = false;
  const made = world(() => (isBegun ? (lags.next().value ?? 0) : 0));
  for (const id of all(30)) {
    made.change(id);
    made.clock.now += interval;
  }
  isBegun = true;
  return made;
}

describe.each(ORDERS)('a listing by %s', (order) => {
  it.each([5, 20, 100])(
    'returns hundreds of groups that changed in the same second, each once, in order, %i a page',
    async (limit) => {
      const { clock, change, listAll, reads } = world();
      for (const id of all(600)) {
        change(id);
        clock.now += 1;
      }
      const { ids, cursors } = await listAll(order, limit);
      expect(ids).toEqual(order === 'oldest' ? all(600) : all(600).toReversed());
      for (const cursor of cursors) expect(cursor.length).toBeLessThan(150);
      expect(reads).toEqual({ lists: 600 / limit, entries: 600 });
    },
  );

  it('returns every group that does not change exactly once, in order, while others change', async () => {
    const property = fc.asyncProperty(Changes, Lags, Limit, Interval, async (changes, lags, limit, interval) => {
      const { clock, change, listAll } = settled(lags, interval);
      const changed = new Set<string>();
      const { ids } = await listAll(order, limit, (page) => {
        for (const { n, phase, wait } of changes[page] ?? []) {
          clock.now += wait;
          change(idOf(n), phase);
          changed.add(idOf(n));
        }
      });
      const others = all(30).filter((id) => !changed.has(id));
      expect(ids.filter((id) => !changed.has(id))).toEqual(order === 'oldest' ? others : others.toReversed());
    });
    await fc.assert(property, { numRuns: 1_000 });
  });

  it('of failing groups goes on from its own cursor, and from none of a listing of all groups', async () => {
    const { clock, change, page } = world();
    for (const id of all(4)) {
      change(id);
      clock.now += 1_000;
    }
    const failing = { ...ALL, isFailing: true };
    const [first, ofAll] = await Promise.all([page(order, undefined, 3, failing), page(order, undefined, 3)]);
    const { found, cursor } = await page(order, first.cursor ?? '', 3, failing);
    expect([found.map(({ resultId }) => resultId), cursor]).toEqual([[idOf(order === 'oldest' ? 3 : 0)], null]);
    const refusal = { status: 400, errors: [{ field: 'cursor' }] };
    await expect(page(order, ofAll.cursor ?? '', 3, failing)).rejects.toMatchObject(refusal);
    await expect(page(order, first.cursor ?? '', 3)).rejects.toMatchObject(refusal);
  });

  it('goes on where it was when the filter changes between two pages', async () => {
    const { clock, change, page } = world();
    for (const id of all(40)) {
      change(id, Number(id.at(-1)) % 2 ? 'settled' : 'active');
      clock.now += 1_000;
    }
    const first = await page(order, undefined, 10);
    const second = await page(order, first.cursor ?? '', 100, { ...ALL, phase: 'settled' });
    const rest = all(40).filter((_, n) => n % 2 === 1 && (order === 'oldest' ? n >= 10 : n < 30));
    expect(second.found.map(({ resultId }) => resultId).toSorted()).toEqual(rest);
  });

  it.each([
    ['of the other order', { order: order === 'oldest' ? 'newest' : 'oldest', at: positionOf(BEGAN, idOf(1)) }],
    ['without an order', { at: positionOf(BEGAN, idOf(1)) }],
    ['of an earlier release', { at: positionOf(BEGAN, idOf(1)), since: BEGAN, fresh: [] }],
    ['with a position that is no text', { order, at: BEGAN }],
    ['with a position without a group', { order, at: `${BEGAN}#` }],
    ['with a position that is too long', { order, at: `${positionOf(BEGAN, idOf(1))}0` }],
    ['with more than a listing returns', { order, at: positionOf(BEGAN, idOf(1)), more: 1 }],
    ['that is no object', []],
  ])('rejects a cursor %s with 400, naming the field', async (_, cursor) => {
    const text = Buffer.from(JSON.stringify(cursor)).toString('base64url');
    const { page } = world();
    await expect(page(order, text, 10)).rejects.toMatchObject({ status: 400, errors: [{ field: 'cursor' }] });
  });
});

describe('a listing by oldest', () => {
  it('misses none of the groups that existed when it began, whatever changes when, also where the index is behind', async () => {
    const Again = fc.array(fc.tuple(fc.nat(29), fc.constantFrom(0, 1, 700, 2_999)), { maxLength: 10 });
    const Filters = fc.constantFrom<Filter[]>(ALL, { ...ALL, phase: 'active' });
    const property = fc.asyncProperty(
      Changes,
      Lags,
      Limit,
      Interval,
      Again,
      Filters,
      async (changes, lags, limit, interval, again, filter) => {
        const { clock, change, listAll } = settled(lags, interval);
        // Some changed once more a moment ago: the index does not show all of that yet.
        for (const [n, wait] of again) {
          clock.now += wait;
          change(idOf(n));
        }
        const left = new Set<string>();
        const between = (page: number) => {
          for (const { n, phase, wait } of changes[page] ?? []) {
            clock.now += wait;
            change(idOf(n), phase);
            if (phase !== 'active') left.add(idOf(n));
          }
        };
        const { ids } = await listAll('oldest', limit, between, filter);
        const missing = all(30).filter((id) => !ids.includes(id));
        // A filter may miss those that did not match throughout.
        for (const id of missing) expect(filter.phase !== undefined && left.has(id)).toBe(true);
      },
    );
    await fc.assert(property, { numRuns: 2_000 });
  });

  it('returns a group again that changed after it was returned, and ends while groups change', async () => {
    const { clock, change, listAll } = world();
    for (const id of all(500)) {
      change(id);
      clock.now += 100;
    }
    const { ids } = await listAll('oldest', 20, (page) => {
      clock.now += 10;
      for (let i = 0; i < 10; i++) change(idOf((page * 10 + i) % 500));
    });
    expect(new Set(ids)).toEqual(new Set(all(500)));
    expect(ids.length).toBeGreaterThan(500);
    expect(ids.length).toBeLessThan(1_100);
  });
});

it('a listing by newest does not return a group that moved to the front before its page', async () => {
  const { clock, change, listAll } = world();
  for (const id of all(40)) {
    change(id);
    clock.now += 1_000;
  }
  const { ids } = await listAll('newest', 20, (page) => {
    if (page === 0) change(idOf(3));
  });
  expect(ids).toEqual(
    all(40)
      .toReversed()
      .filter((id) => id !== idOf(3)),
  );
});

describe('a listing with changed_since', () => {
  it('begins with the groups that changed at that time, and continues from its cursor', async () => {
    const { clock, change, pageSince } = world();
    for (const id of all(6)) {
      change(id);
      clock.now += 10;
    }
    const first = await pageSince('oldest', BEGAN + 20);
    expect(first.found.map(({ resultId }) => resultId)).toEqual([idOf(2), idOf(3)]);
    const second = await pageSince('oldest', BEGAN + 20, first.cursor ?? '');
    expect(second.found.map(({ resultId }) => resultId)).toEqual([idOf(4), idOf(5)]);
    expect((await pageSince('oldest', 0)).found.map(({ resultId }) => resultId)).toEqual([idOf(0), idOf(1)]);
    expect((await pageSince('oldest', BEGAN + 51)).found).toEqual([]);
  });

  it('is refused by newest', async () => {
    await expect(world().pageSince('newest', BEGAN)).rejects.toMatchObject({
      errors: [{ field: 'changed_since', message: 'changed_since requires order=oldest.' }],
    });
  });

  it('is refused for failing groups, which are not in the order of their last change', async () => {
    await expect(world().pageSince('oldest', BEGAN, undefined, { ...ALL, isFailing: true })).rejects.toMatchObject({
      errors: [{ field: 'changed_since', message: 'changed_since does not apply to failing=true.' }],
    });
  });
});
