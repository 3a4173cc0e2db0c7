import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Budget,
  callsPerSecond,
  isSustained,
  type Lane,
  type Limit,
  learned,
  slowdownAfter,
  sweepLimit,
  turnOf,
  UNUSED,
  usedUp,
} from '../../../../../functions/domain/upstream/budget.ts';

const START = 1_800_000_000_000;
const HALF = { share: 0.5, maxRps: 5 };
const limit = (calls: number, window: number): Limit => ({ calls, window, reset: undefined, since: START });

/** When the calls of callers who each ask again as soon as they were let in are made, ms. */
function calls(budget: Budget, settings: typeof HALF, callers: readonly Lane[], span: number): Record<Lane, number[]> {
  let state = budget;
  const made: Record<Lane, number[]> = { reader: [], worker: [] };
  const free = callers.map((lane, i) => ({ lane, at: START + i }));
  for (;;) {
    const caller = free.reduce((a, b) => (b.at < a.at ? b : a));
    const { lane, at: now } = caller;
    if (now >= START + span) return made;
    const turn = turnOf(state, { lane, credentials: '1', now, settings });
    if (turn.kind === 'closed') {
      caller.at = Math.ceil(turn.until);
    } else if (turn.kind === 'line') {
      const begin = Math.max(state.taken[turn.of], turn.floor);
      state = { ...state, taken: { ...state.taken, [turn.of]: begin + turn.interval } };
      caller.at = Math.max(now, begin);
      made[lane].push(caller.at);
      caller.at += 1;
    } else throw new Error('neither open nor refused');
  }
}
const within = (times: readonly number[], from: number, span: number) =>
  times.filter((at) => at >= from && at < from + span).length;

const Limits = fc.record({
  calls: fc.integer({ min: 20, max: 400 }),
  window: fc.constantFrom(1, 10, 60, 300),
  share: fc.constantFrom(0.2, 0.5, 1),
});

describe('the budget', () => {
  it('takes at least 90 % of its share under a backlog, and in no window more than the share', () => {
    fc.assert(
      fc.property(Limits, fc.boolean(), ({ calls: allowed, window, share }, withReaders) => {
        const span = window * 3 * 1000;
        const callers: Lane[] = ['worker', 'worker', 'worker', ...(withReaders ? (['reader', 'reader'] as const) : [])];
        const { reader, worker } = calls(
          { ...UNUSED, limit: limit(allowed, window) },
          { share, maxRps: 5 },
          callers,
          span,
        );
        const times = [...reader, ...worker].sort((a, b) => a - b);
        const most = Math.ceil(allowed * share) + 1;
        for (const from of times) expect(within(times, from, window * 1000)).toBeLessThanOrEqual(most);
        expect(times.length).toBeGreaterThanOrEqual(Math.floor(allowed * share * 3 * 0.9));
      }),
      { numRuns: 60 },
    );
  });

  it('lets readers go first, and the schedule always have a fifth', () => {
    const settings = { share: 1, maxRps: 10 };
    const { reader, worker } = calls(UNUSED, settings, ['worker', 'worker', 'reader', 'reader', 'reader'], 60_000);
    expect(worker.length / (worker.length + reader.length)).toBeGreaterThan(0.19);
    expect(reader.length).toBeGreaterThan(600 * 0.95 * 0.78);
  });

  it('lets a reader know at once that the turn would come too late, and a worker wait', () => {
    const taken = { reader: START + 5_001, worker: START + 1_100 };
    const at = { credentials: '1', now: START, settings: HALF };
    expect(turnOf({ ...UNUSED, taken }, { ...at, lane: 'reader' })).toMatchObject({ kind: 'closed', patient: false });
    expect(turnOf({ ...UNUSED, taken }, { ...at, lane: 'worker' })).toMatchObject({ kind: 'closed', patient: true });
    expect(turnOf({ ...UNUSED, taken }, { ...at, lane: 'reader', now: START + 1 })).toMatchObject({ kind: 'line' });
  });

  it('is a share of what AnyCheck announces, or so many calls per second', () => {
    expect(callsPerSecond(UNUSED, HALF)).toBeCloseTo(5 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: limit(600, 60) }, HALF)).toBeCloseTo(5 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: limit(1200, 60) }, HALF)).toBeCloseTo(10 * 0.95);
    expect(callsPerSecond({ ...UNUSED, limit: { ...limit(1200, 1), reset: 1 } }, HALF)).toBeCloseTo(5 * 0.95);
  });

  it('queues no more than it can serve, and a few groups only while nobody is let through', () => {
    expect(sweepLimit(UNUSED, HALF, 120, START)).toBe(570);
    for (const shut of [{ probeAt: START }, { heldUntil: START + 1 }, { refused: '1' }]) {
      expect(sweepLimit({ ...UNUSED, ...shut }, HALF, 120, START)).toBe(6);
    }
  });
});

describe('AnyCheck’s announced limit', () => {
  const reset = START / 1000 + 60;
  const announced = (over: object) => ({ limit: 600, remaining: 10, reset, ...over });

  it('is learned with the longest window seen, and believed once a second window began', () => {
    const late = learned(undefined, announced({}), START + 58_500);
    expect(late).toEqual({ calls: 600, window: 1, reset, since: START + 58_500 });
    const next = learned(late, announced({ reset: reset + 60 }), START + 60_100);
    expect(next).toEqual({ calls: 600, window: 59, reset: undefined, since: START + 58_500 });
    expect(learned(next, announced({ reset: reset + 60 }), START + 80_000)).toBeUndefined();
    expect(learned(next, announced({ reset: reset + 120, limit: 60 }), START + 150_000)).toMatchObject({ calls: 60 });
  });

  it('of a sliding window of a second is not taken for two', () => {
    const seen = [0, 100, 900, 1300].reduce<Limit | undefined>((known, ms) => {
      const now = START + ms;
      return learned(known, { limit: 5, remaining: 0, reset: Math.ceil((now + 1000) / 1000) }, now) ?? known;
    }, undefined);
    expect(seen).toMatchObject({ calls: 5, window: 1, reset: undefined });
  });

  it.each([{ limit: 0 }, { reset: 0 }, { reset: START / 1000 }, { reset: START }])(
    'is not believed when it is %j',
    (bad) => {
      expect(learned(undefined, announced(bad), START)).toBeUndefined();
    },
  );

  it('is learned anew after an hour, should it have been a mistake', () => {
    const wrong = learned(undefined, announced({ reset: START / 1000 + 86_000 }), START);
    expect(wrong?.window).toBe(86_000);
    expect(learned(wrong, announced({ reset: START / 1000 + 3661 }), START + 3_600_001)?.window).toBe(60);
  });

  it('holds everybody back until its reset when nothing remains, unless that is a moment away', () => {
    expect(usedUp(announced({ remaining: 0 }), START)).toBe(reset * 1000);
    expect(usedUp(announced({ remaining: 1 }), START)).toBeUndefined();
    expect(usedUp(announced({ remaining: 0 }), START + 58_000)).toBeUndefined();
  });
});

describe('refusals that no header explains', () => {
  it('slow everybody down once a second at most, and let go step by step', () => {
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

describe('failures', () => {
  it('are sustained when there are five in a row, over five seconds, of more than one group', () => {
    const failing = (failures: number) => ({ ...UNUSED, failures, failingSince: START, failsOthers: true });
    expect(isSustained(failing(4), START + 60_000)).toBe(false);
    expect(isSustained(failing(50), START + 4_999)).toBe(false);
    expect(isSustained(failing(5), START + 5_000)).toBe(true);
    expect(isSustained({ ...failing(50), failsOthers: false }, START + 60_000)).toBe(false);
  });
});
