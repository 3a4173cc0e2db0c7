import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budget, type Limit, type Priority, UNUSED } from '../../../../../functions/domain/upstream/budget.ts';
import { decideSlot, type Slot } from '../../../../../functions/domain/upstream/slots.ts';

const START = 1_800_000_000_000;
const HALF = { share: 0.5, maxRps: 5 };
const limit = (calls: number, window: number): Limit => ({ calls, window, reset: undefined, since: START });

const after = (state: Budget, { of, interval, isEarly }: Slot, begin: number, now: number): Budget => ({
  ...state,
  takenUntil: { ...state.takenUntil, [of]: begin + interval },
  burstAt: isEarly ? now : state.burstAt,
});

/** When the calls of some callers are made, ms. A reader that is refused gives up, and a worker asks again. */
function admitted(
  budget: Budget,
  settings: typeof HALF,
  arrivals: readonly { readonly at: number; readonly priority: Priority }[],
): number[] {
  let state = budget;
  const waiting = arrivals.map((one) => ({ ...one }));
  const made: number[] = [];
  while (waiting.length > 0) {
    const caller = waiting.reduce((a, b) => (b.at < a.at ? b : a));
    const { priority, at: now } = caller;
    const slot = decideSlot(state, { priority, credentials: '1', now, settings });
    if (slot.kind === 'closed' && slot.isWorthWaiting) caller.at = Math.ceil(slot.until);
    else {
      waiting.splice(waiting.indexOf(caller), 1);
      if (slot.kind !== 'slot') continue;
      const begin = Math.max(state.takenUntil[slot.of], slot.floor);
      state = after(state, slot, begin, now);
      made.push(Math.max(now, begin));
    }
  }
  return made.sort((a, b) => a - b);
}

/** When the calls of callers who each ask again as soon as they were let in are made, ms. */
function calls(
  budget: Budget,
  settings: typeof HALF,
  callers: readonly Priority[],
  span: number,
): Record<Priority, number[]> {
  let state = budget;
  const made: Record<Priority, number[]> = { reader: [], worker: [] };
  const free = callers.map((priority, i) => ({ priority, at: START + i }));
  for (;;) {
    const caller = free.reduce((a, b) => (b.at < a.at ? b : a));
    const { priority, at: now } = caller;
    if (now >= START + span) return made;
    const slot = decideSlot(state, { priority, credentials: '1', now, settings });
    if (slot.kind === 'closed') {
      caller.at = Math.ceil(slot.until);
    } else if (slot.kind === 'slot') {
      const begin = Math.max(state.takenUntil[slot.of], slot.floor);
      state = after(state, slot, begin, now);
      caller.at = Math.max(now, begin);
      made[priority].push(caller.at);
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
        const callers: Priority[] = [
          'worker',
          'worker',
          'worker',
          ...(withReaders ? (['reader', 'reader'] as const) : []),
        ];
        const { reader, worker } = calls(
          { ...UNUSED, limit: limit(allowed, window) },
          { share, maxRps: 5 },
          callers,
          span,
        );
        const times = [...reader, ...worker].sort((a, b) => a - b);
        const max = Math.ceil(allowed * share) + 1;
        for (const from of times) expect(within(times, from, window * 1000)).toBeLessThanOrEqual(max);
        expect(times.length).toBeGreaterThanOrEqual(Math.floor(allowed * share * 3 * 0.9));
      }),
      { numRuns: 60 },
    );
  });

  it('lets 60 readers in within 5 s where a minute of 1,000 calls is unused, also while workers have few calls', () => {
    const budget = { ...UNUSED, limit: limit(1_000, 60) };
    const worker = [10, 25, 40, 55, 59].map((second) => ({ at: START + second * 1_000, priority: 'worker' as const }));
    const readers = Array.from({ length: 60 }, () => ({ at: START + 60_000, priority: 'reader' as const }));
    for (const others of [[], worker]) {
      const times = admitted(budget, HALF, [...others, ...readers]);
      expect(times).toHaveLength(others.length + 60);
      expect(times.at(-1)).toBeLessThanOrEqual(START + 65_000);
    }
  });

  it('lets in no more than the share in any window, whenever callers come and readers pause', () => {
    const Burst = fc.record({
      pause: fc.integer({ min: 0, max: 90_000 }),
      callers: fc.integer({ min: 1, max: 80 }),
      spread: fc.integer({ min: 0, max: 40_000 }),
      priority: fc.constantFrom<Priority>('reader', 'reader', 'worker'),
    });
    fc.assert(
      fc.property(
        Limits,
        fc.array(Burst, { minLength: 1, maxLength: 8 }),
        ({ calls: allowed, window, share }, bursts) => {
          let at = START;
          const arrivals = bursts.flatMap(({ pause, callers, spread, priority }) => {
            at += pause;
            return Array.from({ length: callers }, (_, i) => ({
              at: at + Math.round((i * spread) / callers),
              priority,
            }));
          });
          const times = admitted({ ...UNUSED, limit: limit(allowed, window) }, { share, maxRps: 5 }, arrivals);
          const max = Math.ceil(allowed * share) + 1;
          for (const from of times) expect(within(times, from, window * 1000)).toBeLessThanOrEqual(max);
        },
      ),
      { numRuns: 300 },
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
    expect(decideSlot({ ...UNUSED, takenUntil: taken }, { ...at, priority: 'reader' })).toMatchObject({
      kind: 'closed',
      isWorthWaiting: false,
    });
    expect(decideSlot({ ...UNUSED, takenUntil: taken }, { ...at, priority: 'worker' })).toMatchObject({
      kind: 'closed',
      isWorthWaiting: true,
    });
    expect(decideSlot({ ...UNUSED, takenUntil: taken }, { ...at, priority: 'reader', now: START + 1 })).toMatchObject({
      kind: 'slot',
    });
  });
});
