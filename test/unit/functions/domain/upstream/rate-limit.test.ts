import { describe, expect, it } from 'vitest';
import { type Budget, type Limit, UNUSED } from '../../../../../functions/domain/upstream/budget.ts';
import {
  callsPerSecond,
  limitAfter,
  slowdownAfter,
  sweepLimit,
  usedUp,
} from '../../../../../functions/domain/upstream/rate-limit.ts';

const START = 1_800_000_000_000;
const HALF = { share: 0.5, maxRps: 5 };
const limit = (calls: number, window: number): Limit => ({ calls, window, reset: undefined, since: START });

describe('the budget', () => {
  it('is a share of what AnyCheck announces, or so many calls per second', () => {
    expect(callsPerSecond(UNUSED, HALF)).toBeCloseTo(5 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: limit(600, 60) }, HALF)).toBeCloseTo(5 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: limit(1200, 60) }, HALF)).toBeCloseTo(10 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: { ...limit(1200, 1), reset: 1 } }, HALF)).toBeCloseTo(5 * 0.95);
  });

  it('queues no more than it can serve, and a few groups only while no call is permitted', () => {
    expect(sweepLimit(UNUSED, HALF, 120, START)).toBe(570);
    for (const shut of [{ probeAt: START }, { pausedUntil: START + 1 }, { refused: '1' }]) {
      expect(sweepLimit({ ...UNUSED, ...shut }, HALF, 120, START)).toBe(6);
    }
  });
});

describe('AnyCheck’s announced limit', () => {
  const reset = START / 1000 + 60;
  const announced = (over: object) => ({ limit: 600, remaining: 10, reset, ...over });

  it('is recorded with the longest window seen, and applied once a second window began', () => {
    const late = limitAfter(undefined, announced({}), START + 58_500);
    expect(late).toEqual({ calls: 600, window: 1, reset, since: START + 58_500 });
    const next = limitAfter(late, announced({ reset: reset + 60 }), START + 60_100);
    expect(next).toEqual({ calls: 600, window: 59, reset: undefined, since: START + 58_500 });
    expect(limitAfter(next, announced({ reset: reset + 60 }), START + 80_000)).toBeUndefined();
    expect(limitAfter(next, announced({ reset: reset + 120, limit: 60 }), START + 150_000)).toMatchObject({
      calls: 60,
    });
  });

  it('of a sliding window of a second is not taken for two', () => {
    const seen = [0, 100, 900, 1300].reduce<Limit | undefined>((known, ms) => {
      const now = START + ms;
      return limitAfter(known, { limit: 5, remaining: 0, reset: Math.ceil((now + 1000) / 1000) }, now) ?? known;
    }, undefined);
    expect(seen).toMatchObject({ calls: 5, window: 1, reset: undefined });
  });

  it.each([{ limit: 0 }, { reset: 0 }, { reset: START / 1000 }, { reset: START }])(
    'is not believed when it is %j',
    (bad) => {
      expect(limitAfter(undefined, announced(bad), START)).toBeUndefined();
    },
  );

  it('is recorded anew after an hour, in case it was a mistake', () => {
    const wrong = limitAfter(undefined, announced({ reset: START / 1000 + 86_000 }), START);
    expect(wrong?.window).toBe(86_000);
    expect(limitAfter(wrong, announced({ reset: START / 1000 + 3661 }), START + 3_600_001)?.window).toBe(60);
  });

  it('pauses every caller until its reset when nothing remains, unless that is a moment away', () => {
    expect(usedUp(announced({ remaining: 0 }), START)).toBe(reset * 1000);
    expect(usedUp(announced({ remaining: 1 }), START)).toBeUndefined();
    expect(usedUp(announced({ remaining: 0 }), START + 58_000)).toBeUndefined();
  });
});

describe('refusals that no header explains', () => {
  it('slow every caller down once a second at most, and are undone step by step', () => {
    let budget: Budget = UNUSED;
    const slowed = (refused: boolean, ms: number) => {
      const slowdown = slowdownAfter(budget, refused, START + ms);
      if (slowdown !== budget.slowdown) budget = { ...budget, slowdown, slowedAt: START + ms };
      return budget.slowdown;
    };
    expect([slowed(true, 0), slowed(true, 10), slowed(true, 1000)]).toEqual([1.3, 1.3, 1.3 * 1.3]);
    expect(slowed(false, 5_000)).toBe(1.3 * 1.3);
    for (let s = 6; s < 60; s++) slowed(false, s * 1000);
    expect(budget.slowdown).toBe(1);
  });

  it('change nothing where a limit is announced', () => {
    expect(slowdownAfter({ ...UNUSED, limit: limit(5, 1) }, true, START)).toBe(1);
  });
});
