import { setImmediate } from 'node:timers/promises';
import { heap } from './heap.ts';

type Run = () => unknown;

/** A time that stands still while anything is done, and then moves on to whatever comes next. */
export interface VirtualClock {
  /** ms since the epoch. */
  now(): number;
  at(time: number, run: Run): void;
  sleep(ms: number): Promise<void>;
  /** Has everything happen that is to happen by `until`. @throws what any of it threw. */
  run(until: number): Promise<void>;
}

/** @param idle resolves when nothing is under way any more that needs no time: code over a store in memory ends with the microtasks. */
export function virtualClock(start: number, idle: () => Promise<unknown> = setImmediate): VirtualClock {
  const events = heap<{ time: number; order: number; run: Run }>((a, b) =>
    a.time === b.time ? a.order < b.order : a.time < b.time,
  );
  const faults: unknown[] = [];
  let now = start;
  let order = 0;
  const at = (time: number, run: Run) => events.push({ time: Math.max(time, now), order: order++, run });
  return {
    now: () => now,
    at,
    sleep: (ms) => new Promise((resolve) => at(now + ms, () => resolve())),
    async run(until) {
      for (let next = events.peek(); next && next.time <= until; next = events.peek()) {
        events.pop();
        now = next.time;
        Promise.resolve(next.run()).catch((fault) => faults.push(fault));
        await idle();
        if (faults.length > 0) throw faults[0];
      }
      now = Math.max(now, until);
    },
  };
}
