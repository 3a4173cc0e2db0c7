import { describe, expect, it } from 'vitest';
import type { Due } from '../../../../../functions/domain/refresh/queue.ts';
import { sweep } from '../../../../../functions/domain/refresh/sweep.ts';

const NOW = 1_000_000_000;
const due = (resultId: string, secondsAgo: number): Due => ({ resultId, due: NOW - secondsAgo * 1000 });

/** An index that holds `groups`, and a queue that takes what it is given unless it is broken. */
function world(
  groups: readonly Due[],
  enqueue: (given: readonly Due[]) => void = () => {},
  erased: readonly Due[] = [],
) {
  const queued: Due[] = [];
  return {
    queued,
    index: {
      due: async (_: number, limit: number) => groups.slice(0, limit),
      withoutCalls: async (_: number, limit: number) => erased.slice(0, limit),
    },
    queue: {
      async enqueue(given: readonly Due[]) {
        enqueue(given);
        queued.push(...given);
      },
    },
    now: () => NOW,
  };
}

describe('a sweep', () => {
  it('queues due groups up to its limit, and reports their number and the delay of the oldest', async () => {
    const stage = world([due('a', 75.4), due('b', 20), due('c', 1)]);
    expect(await sweep(stage, 2)).toEqual({ queued: 2, oldestDueSeconds: 75 });
    expect(stage.queued).toEqual([due('a', 75.4), due('b', 20)]);
  });

  it('also queues the groups to clean, however small the rate limit of AnyCheck is', async () => {
    const stage = world([due('a', 75), due('b', 20)], () => {}, [due('erased', 5), due('erased too', 1)]);
    expect(await sweep(stage, 1)).toEqual({ queued: 1, oldestDueSeconds: 75 });
    expect(stage.queued.map(({ resultId }) => resultId).toSorted()).toEqual(['a', 'erased', 'erased too']);
  });

  it('that finds nothing due is no failure, and nothing is late', async () => {
    expect(await sweep(world([]), 10)).toEqual({ queued: 0, oldestDueSeconds: 0 });
  });

  it('finds nothing due before its time, should clocks differ', async () => {
    expect(await sweep(world([due('a', -3)]), 10)).toEqual({ queued: 1, oldestDueSeconds: 0 });
  });

  it('that runs out of time has queued the oldest, and ends without an error', async () => {
    const groups = Array.from({ length: 2_500 }, (_, i) => due(`group-${i}`, 2_500 - i));
    const stage = world(groups);
    expect(await sweep(stage, 10_000, NOW)).toMatchObject({ queued: 1_000 });
    expect(stage.queued).toEqual(groups.slice(0, 1_000));
    expect(await sweep(stage, 10_000, NOW + 1)).toMatchObject({ queued: 2_500 });
  });

  it('that cannot queue what it found has not ended well', async () => {
    const stage = world([due('a', 1)], () => {
      throw new Error('no queue');
    });
    await expect(sweep(stage, 10)).rejects.toThrow('no queue');
  });
});
