import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../../../../functions/domain/group/group.ts';
import type { PageSize } from '../../../../../functions/domain/group/page-size.ts';
import { type ConsistentFetch, fetchConsistent } from '../../../../../functions/domain/refresh/fetch-consistent.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { type FakeAnyCheck, fakeAnyCheck, verification, verifications } from '../../../../fakes/anycheck.ts';
import { shuffled } from '../../../../fakes/shuffled.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const DAY = 86_400_000;

let fake: FakeAnyCheck;
let requests: { offset: number; size: number }[];
let clock: number;
/** How many items AnyCheck returns at most from an offset, whatever was requested. */
let cap: (offset: number) => number;
beforeEach(() => {
  fake = fakeAnyCheck();
  requests = [];
  clock = 0;
  cap = () => 100;
});

const hold = (items: string[], overall = 'COMPLETED') => fake.groups.set(ID, { overall, items });
const outcomeOf = (pageSize?: PageSize, known?: string) => {
  const anycheck = {
    list: (resultId: string, { offset, size }: { offset: number; size: number }, signal: AbortSignal) => {
      requests.push({ offset, size });
      return fake.list(resultId, { offset, size: Math.min(size, cap(offset)) }, signal);
    },
  };
  const now = () => ++clock;
  return fetchConsistent(anycheck, ID, known, { signal: new AbortController().signal, now, pageSize });
};
async function fetched(pageSize?: PageSize, known?: string): Promise<ConsistentFetch> {
  const outcome = await outcomeOf(pageSize, known);
  if ('error' in outcome) throw outcome.error;
  return outcome;
}
const textsOf = ({ group }: ConsistentFetch) => group.items.map(({ text }) => text);
const requested = () => requests.map(({ offset, size }) => `${offset}+${size}`);

describe('a list that changes while it is fetched', () => {
  /** What happens to the list before a call. Every item that comes is a new one, and every change a new content. */
  const Step = fc.oneof(
    { weight: 6, arbitrary: fc.constant({ kind: 'nothing', at: 0 }) },
    fc.record({ kind: fc.constantFrom('insert', 'remove', 'change', 'shuffle'), at: fc.nat(1000) }),
  );

  it('is returned only as it was at one moment, in any order, since the time that is returned', async () => {
    const property = fc.asyncProperty(
      fc.integer({ min: 0, max: 30 }),
      fc.integer({ min: 1, max: 12 }),
      fc.array(Step, { maxLength: 60 }),
      async (count, size, steps) => {
        fake = fakeAnyCheck();
        clock = 0;
        let items = verifications(count);
        const states: { from: number; texts: string[] }[] = [];
        const became = () => states.push({ from: clock, texts: items.toSorted() });
        const play = steps.values();
        let fresh = 0;
        hold(items);
        became();
        fake.before = () => {
          clock++;
          const { kind, at } = play.next().value ?? { kind: 'nothing', at: 0 };
          const place = items.length === 0 ? 0 : at % items.length;
          const next = verification(`new-${fresh++}`);
          if (kind === 'insert') items = items.toSpliced(place, 0, next);
          if (kind === 'remove') items = items.toSpliced(place, 1);
          if (kind === 'change' && items[place])
            items = items.with(place, verification(JSON.parse(items[place]).id, `S${fresh}`));
          if (kind === 'shuffle') items = shuffled(items, at);
          if (kind !== 'nothing') became();
          hold(items);
        };
        const outcome = await outcomeOf({ items: size, cappedAt: undefined });
        if ('error' in outcome) {
          expect(outcome.error.reason).toBe('INCONSISTENT');
          return;
        }
        const texts = textsOf(outcome).toSorted();
        const moments = states.filter((_, i) => (states[i + 1]?.from ?? Number.POSITIVE_INFINITY) >= outcome.at);
        expect(moments.map((moment) => moment.texts)).toContainEqual(texts);
        expect(outcome.group.totalText).toBe(String(texts.length));
      },
    );
    await fc.assert(property, { numRuns: 2_000 });
  });

  it('with an insert at the front before every call is returned after two attempts', async () => {
    let items = verifications(250);
    fake.before = () => {
      items = [verification(`new-${requests.length}`), ...items];
      hold(items);
    };
    const found = await fetched();
    expect(requests.length).toBeLessThanOrEqual(7);
    expect(textsOf(found)).toEqual(items.slice(-Number(found.group.totalText)));
  });

  it('with a change on its last page at every call is not returned: no moment of it can be proven', async () => {
    fake.before = () => void hold([...verifications(249), verification('last', `S${requests.length}`)]);
    expect(await outcomeOf()).toMatchObject({ error: { reason: 'INCONSISTENT' } });
    expect(requests.length).toBeLessThanOrEqual(21);
  });

  it('torn in the same place in every attempt is not returned', async () => {
    // Between the first page and the second, an item moves behind the first page, and back before the next pass.
    fake.before = (_, offset) => {
      const items = verifications(250);
      hold(offset === 0 ? items : [...items.slice(1, 200), ...items.slice(0, 1), ...items.slice(200)]);
    };
    expect(textsOf(await fetched()).toSorted()).toEqual(verifications(250).toSorted());
  });

  it('is one moment where an id comes twice with equal content on pages of one attempt', async () => {
    let isShifted = true;
    fake.before = (_, offset) => {
      const items = verifications(250);
      hold(isShifted && offset === 100 ? [...items.slice(0, 1), ...items.slice(0, -1)] : items);
      if (offset === 200) isShifted = false;
    };
    expect(textsOf(await fetched())).toEqual(verifications(250));
  });
});

it('A single page that names an id twice with equal content is returned as it is, with different content never', async () => {
  const repeating = [verification('a'), verification('b'), verification('a')];
  hold(repeating);
  expect(textsOf(await fetched())).toEqual(repeating);
  hold([verification('a'), verification('b'), verification('a', 'FAILED')]);
  expect(await outcomeOf()).toMatchObject({ error: { reason: 'INCONSISTENT' } });
});

it('The second attempt of a large group begins its pages elsewhere, and takes one call more', async () => {
  hold(verifications(10_000));
  await fetched();
  expect(requests).toHaveLength(201);
  const [first, second] = [requests.slice(0, 100), requests.slice(100)].map((attempt) =>
    attempt.map(({ offset }) => offset),
  );
  expect(second?.filter((offset) => first?.includes(offset))).toEqual([0]);
});

describe('a server that caps its pages', () => {
  it('is taken at what came, and requested with no more by the next fetch', async () => {
    cap = () => 20;
    hold(verifications(250));
    const { group, pageSize } = await fetched();
    expect(requested().slice(0, 4)).toEqual(['0+100', '20+100', '40+20', '60+20']);
    expect(pageSize).toEqual({ items: 20, cappedAt: clock });
    requests = [];
    const again = await fetched(pageSize, contentHash(group));
    expect(textsOf(again)).toEqual(verifications(250));
    expect(new Set(requests.map(({ size }) => size))).toEqual(new Set([20]));
    expect(again.pageSize).toEqual(pageSize);
  });

  it.each([1, 3, 7, 33, 50, 99])('at %i is fetched whole', async (max) => {
    cap = () => max;
    for (const count of [0, 1, max, max + 1, 2 * max, 2 * max + 1, 120]) {
      hold(verifications(count));
      expect(textsOf(await fetched())).toEqual(verifications(count));
    }
  });

  it('is requested with twice the size after a day, and again with what it gives', async () => {
    cap = () => 20;
    hold(verifications(250));
    const { group, pageSize } = await fetched();
    requests = [];
    clock += DAY;
    const again = await fetched(pageSize, contentHash(group));
    expect(requested().slice(0, 3)).toEqual(['0+40', '20+40', '40+20']);
    expect(again.pageSize).toEqual({ items: 20, cappedAt: clock });
    clock += DAY;
    cap = () => 100;
    expect((await fetched(again.pageSize, contentHash(group))).pageSize).toEqual({ items: 80, cappedAt: undefined });
  });

  it('is not seen in a first page that was short once', async () => {
    hold(verifications(250));
    cap = () => (requests.length === 1 ? 3 : 100);
    const { pageSize } = await fetched();
    expect(requested().slice(0, 4)).toEqual(['0+100', '3+100', '103+100', '203+100']);
    expect(pageSize.items).toBe(100);
  });

  it.each([
    ['a later page is short', (offset: number) => (offset > 0 ? 60 : 100)],
    ['a later page is empty', (offset: number) => (offset >= 150 ? 0 : 100)],
    ['the first page is empty', (offset: number) => (offset === 0 ? 0 : 100)],
    ['the page behind a short first one is shorter', (offset: number) => (offset === 0 ? 20 : 10)],
    ['a page behind the cap is short', (offset: number) => (offset >= 60 ? 15 : 20)],
  ])('is not believed where %s', async (_, capAt) => {
    hold(verifications(250));
    cap = capAt;
    expect(await outcomeOf()).toMatchObject({ error: { reason: 'INCONSISTENT' } });
  });

  it('with a 400 is requested by halves, down to the default of 10, and remembered', async () => {
    const refused = (mayBeSize: boolean) => new UpstreamError('REJECTED', 'AnyCheck answered 400', { mayBeSize });
    hold(verifications(60));
    fake.before = () => {
      if ((requests.at(-1)?.size ?? 0) > 30) throw refused(true);
    };
    const { pageSize } = await fetched();
    expect(requested().slice(0, 4)).toEqual(['0+100', '0+50', '0+25', '25+25']);
    expect(pageSize).toEqual({ items: 25, cappedAt: clock });
    requests = [];
    fake.before = () => {
      throw refused(true);
    };
    expect(await outcomeOf()).toMatchObject({ error: { reason: 'REJECTED' }, pageSize: { items: 100 } });
    expect(requests.map(({ size }) => size)).toEqual([100, 50, 25, 12, 6]);
    requests = [];
    fake.before = () => {
      throw refused(false);
    };
    await outcomeOf();
    expect(requests.map(({ size }) => size)).toEqual([100]);
  });
});
