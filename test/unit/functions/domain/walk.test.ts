import fc from 'fast-check';
import { expect, it } from 'vitest';
import { letsThrough } from '../../../../functions/domain/group-filter.ts';
import type { Phase } from '../../../../functions/domain/phase.ts';
import type { Filter, Groups, History, Listed } from '../../../../functions/domain/ports.ts';
import { positionOf } from '../../../../functions/domain/position.ts';
import { LAG, walk } from '../../../../functions/domain/walk.ts';
import { scheduleAt } from '../../../fakes/schedule.ts';

const ALL: Filter = { phase: undefined, overallStatus: undefined };
const BEGAN = 1_800_000_000_000;

interface Change {
  readonly at: number;
  readonly phase: Phase;
}
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Groups whose changes come into the index some ms after they were made, as DynamoDB's do. */
function world(lag: () => number) {
  const clock = { now: BEGAN };
  const groups = new Map<string, { changes: Change[]; listed: { from: number; change: Change }[] }>();
  const change = (id: string, phase: Phase = 'active') => {
    const group = groups.get(id) ?? { changes: [], listed: [] };
    const made = { at: Math.max(clock.now, (group.changes.at(-1)?.at ?? 0) + 1), phase };
    group.changes.push(made);
    group.listed.push({ from: Math.max(made.at + lag(), group.listed.at(-1)?.from ?? 0), change: made });
    groups.set(id, group);
  };
  const entries = (): { id: string; position: string; phase: Phase; first: number }[] =>
    [...groups].flatMap(([id, { changes, listed }]) => {
      const seen = listed.findLast(({ from }) => from <= clock.now)?.change;
      return seen ? [{ id, position: positionOf(seen.at, id), phase: seen.phase, first: changes[0]?.at ?? 0 }] : [];
    });
  const listedOf = ({ id, position, phase, first }: ReturnType<typeof entries>[number]): Listed => {
    const schedule = { ...scheduleAt(first, undefined), phase };
    return { resultId: id, position, schedule };
  };
  const reads = { list: 0, entries: 0, changes: 0 };
  const index: Groups = {
    async list(filter, { before = '~', after = '', order }, limit) {
      const found = entries()
        .filter(
          ({ position, phase }) =>
            position < before && position > after && letsThrough(filter, { phase, overallStatus: null }),
        )
        .sort((a, b) => (a.position < b.position === (order === 'oldest first') ? -1 : 1));
      const given = found.slice(0, limit);
      reads.list++;
      reads.entries += given.length;
      return { found: given.map(listedOf), next: found.length > limit ? given.at(-1)?.position : undefined };
    },
    get: async () => undefined,
  };
  const history: Pick<History, 'changeAt'> = {
    async changeAt(id, time) {
      reads.changes++;
      const then = groups.get(id)?.changes.findLast(({ at }) => at <= time);
      return (
        then && {
          version: 1,
          publishedAt: then.at,
          totalText: '0',
          overallStatusText: 'null',
          phase: then.phase,
          added: 0,
          removed: 0,
          changed: 0,
          transitions: [],
          confirmedUntil: undefined,
          supersededAt: undefined,
          expires: undefined,
        }
      );
    },
  };
  /** @param between what happens after each page. */
  async function walkAll(filter: Filter, limit: number, between: (page: number) => void = () => {}) {
    const found: Listed[] = [];
    const cursors: string[] = [];
    let cursor: string | null | undefined;
    for (let pages = 0; cursor !== null; pages++) {
      expect(pages).toBeLessThan(2_000);
      const page = await walk({ groups: index, history, now: () => clock.now }, filter, cursor, limit);
      expect(page.found.length).toBeLessThanOrEqual(limit);
      found.push(...page.found);
      cursor = page.cursor;
      if (cursor !== null) cursors.push(cursor);
      between(pages);
    }
    return { ids: found.map(({ resultId }) => resultId), positions: found.map(({ position }) => position), cursors };
  }
  return { clock, change, walkAll, reads };
}

const all = (count: number) => Array.from({ length: count }, (_, n) => idOf(n));

it.each([5, 20, 100])(
  'gives hundreds of groups that were followed in the same second, each once, %i at once',
  async (limit) => {
    const { clock, change, walkAll } = world(() => 0);
    for (const id of all(600)) {
      change(id);
      clock.now += 1;
    }
    const { ids, positions, cursors } = await walkAll(ALL, limit);
    expect(ids.toSorted()).toEqual(all(600));
    expect(positions).toEqual(positions.toSorted().toReversed());
    for (const cursor of cursors) expect(cursor.length).toBeLessThan(6_000);
  },
);

it('gives each once where hundreds change while somebody reads a page', async () => {
  const { clock, change, walkAll } = world(() => 0);
  for (const id of all(400)) {
    change(id);
    clock.now += 1_000;
  }
  const { ids } = await walkAll(ALL, 20, (page) => {
    clock.now += page === 0 ? 60_000 : 100;
    if (page === 0) for (const id of all(250)) change(id);
  });
  expect(ids.toSorted()).toEqual(all(400));
});

it('goes on from a later time where much has changed, and tells where too much has', async () => {
  const { clock, change, walkAll, reads } = world(() => 0);
  for (const id of all(6_000)) {
    change(id);
    clock.now += 1_000;
  }
  let next = 0;
  const changes = (count: number) => {
    for (let i = 0; i < count; i++) change(idOf(next++ % 6_000));
    clock.now += 10_000;
  };
  const { ids } = await walkAll(ALL, 100, () => changes(40));
  expect(ids.toSorted()).toEqual(all(6_000));
  expect(reads.changes).toBeLessThan(60 * 300);
  await expect(walkAll(ALL, 100, () => changes(5_100))).rejects.toMatchObject({ status: 400 });
});

it('comes to an end where groups change faster than they are read', async () => {
  const { clock, change, walkAll } = world(() => 0);
  for (const id of all(500)) {
    change(id);
    clock.now += 100;
  }
  let next = 0;
  const { ids } = await walkAll(ALL, 20, () => {
    for (let i = 0; i < 60; i++) {
      clock.now += 10;
      next += 7;
      change(idOf(next % 500));
    }
  });
  expect(ids.toSorted()).toEqual(all(500));
});

it('reads what it gives, and with every page what changed since it began, not more', async () => {
  const { clock, change, walkAll, reads } = world(() => 0);
  for (const id of all(2_000)) {
    change(id);
    clock.now += 1_000;
  }
  await walkAll(ALL, 100, (page) => {
    clock.now += 1_000;
    change(idOf(page));
  });
  expect(reads.entries).toBeLessThan(2_000 + 20 * 20);
  expect(reads.changes).toBeLessThan(20 * 20);
});

it('gives each group once, whatever changes when, also where the index is behind', async () => {
  const Changes = fc.array(
    fc.array(
      fc.record({
        n: fc.nat(29),
        phase: fc.constantFrom<Phase[]>('active', 'waiting', 'settled'),
        wait: fc.constantFrom(0, 0, 1, 500, LAG - 1, LAG, 3 * LAG),
      }),
      { maxLength: 8 },
    ),
    { maxLength: 30 },
  );
  const Lag = fc.infiniteStream(fc.constantFrom(0, 0, 1, 200, LAG - 1_000));
  const property = fc.asyncProperty(
    Changes,
    Lag,
    fc.integer({ min: 1, max: 12 }),
    fc.constantFrom(0, 1, 700, 20_000),
    fc.constantFrom<Filter[]>(ALL, { ...ALL, phase: 'active' }),
    fc.array(fc.tuple(fc.nat(29), fc.constantFrom(0, 1, 700, 2_999)), { maxLength: 10 }),
    async (changes, lags, limit, apart, filter, again) => {
      let isBegun = false;
      const { clock, change, walkAll } = world(() => (isBegun ? (lags.next().value ?? 0) : 0));
      for (const id of all(30)) {
        change(id);
        clock.now += apart;
      }
      // Some changed once more a moment ago.
      for (const [n, wait] of again) {
        clock.now += wait;
        change(idOf(n));
      }
      isBegun = true;
      const left = new Set<string>();
      const { ids } = await walkAll(filter, limit, (page) => {
        for (const { n, phase, wait } of changes[page] ?? []) {
          clock.now += wait;
          change(idOf(n), phase);
          if (phase !== 'active') left.add(idOf(n));
        }
      });
      expect(new Set(ids).size).toBe(ids.length);
      // Whoever is let through all the time is there.
      const missing = all(30).filter((id) => !ids.includes(id));
      for (const id of missing) expect(filter.phase !== undefined && left.has(id)).toBe(true);
    },
  );
  await fc.assert(property, { numRuns: 2_000 });
});
