import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { contentHash } from '../../../../../functions/domain/group/group.ts';
import { type ConsistentFetch, fetchConsistent } from '../../../../../functions/domain/refresh/fetch-consistent.ts';
import type { AnyCheck } from '../../../../../functions/domain/upstream/anycheck.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import { fakeAnyCheck, verification, verifications } from '../../../../fakes/anycheck.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';

let requests: { offset: number; size: number }[];
let controller: AbortController;
beforeEach(() => {
  requests = [];
  controller = new AbortController();
});

/** A group whose pages AnyCheck only answers where `fault` names nothing. */
function anycheckWith(items: string[], fault: (page: { offset: number; size: number }) => Error | undefined): AnyCheck {
  const fake = fakeAnyCheck();
  fake.groups.set(ID, { overall: 'COMPLETED', items });
  return {
    async list(resultId, page, signal) {
      requests.push(page);
      const error = fault(page);
      if (error) throw error;
      return fake.list(resultId, page, signal);
    },
  };
}

const tooLarge = () => new UpstreamError('TOO_LARGE', 'larger than 32 MB');
const timedOut = () => new UpstreamError('TIMED_OUT', 'took too long');
const outcomeFrom = (anycheck: AnyCheck, pageSize?: number, known?: string) =>
  fetchConsistent(anycheck, ID, known, {
    signal: controller.signal,
    now: () => 0,
    pageSize: pageSize === undefined ? undefined : { items: pageSize, cappedAt: undefined },
  });
async function fetchFrom(anycheck: AnyCheck, pageSize?: number, known?: string): Promise<ConsistentFetch> {
  const outcome = await outcomeFrom(anycheck, pageSize, known);
  if ('error' in outcome) throw outcome.error;
  return outcome;
}
const sizes = () => requests.map(({ size }) => size);

describe('pages that are too much', () => {
  it.each([
    ['large', tooLarge],
    ['slow', timedOut],
  ])('(too %s) are halved in the same pass', async (_, fault) => {
    const anycheck = anycheckWith(verifications(30), ({ size }) => (size > 12 ? fault() : undefined));
    const { group, pageSize } = await fetchFrom(anycheck);
    expect(group.items.map(({ text }) => text)).toEqual(verifications(30));
    expect(sizes()).toEqual([100, 50, 25, 12, 12, 12, 6, 12, 12]);
    expect(pageSize.items).toBe(12);
  });

  it('behind others that came leave those as they are', async () => {
    const isHeavy = ({ offset, size }: { offset: number; size: number }) => size > 25 && offset + size > 300;
    const anycheck = anycheckWith(verifications(500), (page) => (isHeavy(page) ? tooLarge() : undefined));
    const { group } = await fetchFrom(anycheck);
    expect(group.items).toHaveLength(500);
    expect(requests.slice(0, 9).map(({ offset, size }) => `${offset}+${size}`)).toEqual([
      ...['0+100', '100+100', '200+100', '300+100', '400+100'],
      ...['300+50', '350+50', '400+50', '450+50'],
    ]);
  });

  it('give the whole group whatever AnyCheck can take, and a size to go on with', async () => {
    const numbers = fc.record({
      count: fc.nat(60),
      maxSize: fc.integer({ min: 1, max: 100 }),
      began: fc.integer({ min: 1, max: 100 }),
    });
    await fc.assert(
      fc.asyncProperty(numbers, async ({ count, maxSize, began }) => {
        const anycheck = anycheckWith(verifications(count), ({ size }) => (size > maxSize ? tooLarge() : undefined));
        const { group, pageSize } = await fetchFrom(anycheck, began);
        expect(group.items.map(({ text }) => text)).toEqual(verifications(count));
        expect((await fetchFrom(anycheck, pageSize.items)).group).toEqual(group);
      }),
    );
  });

  it('are a moment where they are one, however small', async () => {
    await fetchFrom(anycheckWith(verifications(12), ({ size }) => (size > 12 ? tooLarge() : undefined)));
    expect(sizes()).toEqual([100, 50, 25, 12]);
  });

  it('are fetched twice where they are several, however small the group', async () => {
    await fetchFrom(
      anycheckWith(verifications(3), () => undefined),
      2,
    );
    expect(sizes()).toEqual([2, 2, 1, 2]);
  });

  it('are not requested again by the next fetch', async () => {
    const anycheck = anycheckWith(verifications(30), ({ size }) => (size > 12 ? tooLarge() : undefined));
    const { group, pageSize } = await fetchFrom(anycheck);
    requests = [];
    expect((await fetchFrom(anycheck, pageSize.items, contentHash(group))).pageSize.items).toBe(24);
    expect(sizes()).toEqual([12, 12, 12]);
  });

  it('as single items end it', async () => {
    const anycheck = anycheckWith(verifications(3), tooLarge);
    expect(await outcomeFrom(anycheck)).toMatchObject({ error: { reason: 'TOO_LARGE' }, pageSize: { items: 1 } });
    expect(sizes()).toEqual([100, 50, 25, 12, 6, 3, 1]);
  });
});

describe('a fetch that fails', () => {
  it.each([
    ['after pages were too large, with the size that is left', [tooLarge(), tooLarge(), timedOut()], 100, 25],
    ['while AnyCheck only hangs, with the size that it began with', [timedOut(), timedOut()], 50, 50],
    ['after a smaller page came, with its size', [timedOut(), undefined], 100, 50],
    ['after pages came as they were asked for, with a larger size', [undefined], 50, 100],
  ])('ends %s', async (_, faults, began, pageSize) => {
    const error = new UpstreamError('UNAVAILABLE', 'down');
    const anycheck = anycheckWith(verifications(200), () =>
      requests.length > faults.length ? error : faults[requests.length - 1],
    );
    const outcome = await outcomeFrom(anycheck, began);
    expect('error' in outcome && outcome.error).toBe(error);
    expect(outcome.pageSize.items).toBe(pageSize);
  });

  it('for its caller’s signal requests no further page', async () => {
    const anycheck = anycheckWith(verifications(3), () => {
      controller.abort();
      return timedOut();
    });
    expect(await outcomeFrom(anycheck)).toMatchObject({ error: { reason: 'TIMED_OUT' }, pageSize: { items: 100 } });
    expect(sizes()).toEqual([100]);
  });

  it('in one of several pages waits for the others', async () => {
    let underWay = 0;
    const fake = fakeAnyCheck();
    fake.groups.set(ID, { overall: 'COMPLETED', items: verifications(500) });
    fake.before = async (_, offset) => {
      underWay++;
      await new Promise((resolve) => setTimeout(resolve, offset / 10));
      underWay--;
      if (offset === 100) throw new UpstreamError('UNAVAILABLE', 'down');
    };
    await expect(fetchFrom(fake)).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
    expect(underWay).toBe(0);
  });
});

describe('heavy pages', () => {
  const heavy = (count: number, size: number) =>
    Array.from({ length: count }, (_, i) => verification(i, 'COMPLETED', `,"x":"${'-'.repeat(size)}"`));

  it('are requested in parallel up to the limit of the memory', async () => {
    let underWay = 0;
    let maxUnderWay = 0;
    const fake = fakeAnyCheck();
    fake.groups.set(ID, { overall: 'COMPLETED', items: heavy(6, 10_000_000) });
    fake.before = async () => {
      maxUnderWay = Math.max(maxUnderWay, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay--;
    };
    await fetchFrom(fake, 1);
    expect(maxUnderWay).toBe(3);
  });

  it('let a signal end the reading of them', async () => {
    const anycheck = anycheckWith(heavy(10, 3_000_000), () => {
      setTimeout(() => controller.abort(), 1);
      return undefined;
    });
    await expect(fetchFrom(anycheck)).rejects.toMatchObject({ reason: 'TIMED_OUT' });
    expect(sizes()).toEqual([100]);
  });
});

describe('pages that contradict each other at every pass', () => {
  it.each(['total', 'overall_status'])('are not believed where they disagree on %s', async (member) => {
    const fake = fakeAnyCheck();
    fake.before = (_, offset) => {
      const isFirst = offset === 0;
      fake.groups.set(ID, {
        overall: member === 'overall_status' && isFirst ? 'IN_PROGRESS' : 'COMPLETED',
        items: verifications(member === 'total' && isFirst ? 150 : 151),
      });
    };
    await expect(fetchFrom(fake)).rejects.toMatchObject({ reason: 'INCONSISTENT' });
  });
});

describe('a page that contradicts itself', () => {
  it('is not believed where it holds an id twice', async () => {
    const anycheck = anycheckWith([...verifications(2), verification('item-0')], () => undefined);
    await expect(fetchFrom(anycheck)).rejects.toMatchObject({ reason: 'INCONSISTENT' });
  });
});
