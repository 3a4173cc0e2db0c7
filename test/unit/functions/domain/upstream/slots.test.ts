import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budget, type Lane, type Limit, UNUSED } from '../../../../../functions/domain/upstream/budget.ts';
import { turnOf } from '../../../../../functions/domain/upstream/slots.ts';

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
});
