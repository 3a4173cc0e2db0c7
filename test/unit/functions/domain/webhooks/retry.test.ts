import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHECK_AFTER_MS,
  dueOf,
  MAX_MESSAGE_DELAY_MS,
  nextAttemptAt,
  probeDelay,
  RETRY_FOR_MS,
} from '../../../../../functions/domain/webhooks/retry.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const T0 = 1_800_000_000_000;

describe('the next attempt', () => {
  it('comes after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, and then every 12 h up to three days', () => {
    const delays: number[] = [];
    for (let now = T0, failed = 1; ; failed++) {
      const next = nextAttemptAt({ failed, since: T0 }, now, 0.5);
      if (next === undefined) break;
      delays.push((next - now) / 1000);
      now = next;
    }
    expect(delays).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 43_200, 43_200, 43_200, 43_200]);
  });

  it('varies by a tenth, so that deliveries that failed together do not come back together', () => {
    const times = [0, 0.25, 0.5, 0.75, 1].map((random) => nextAttemptAt({ failed: 2, since: T0 }, T0, random));
    expect(times.map((at) => ((at ?? 0) - T0) / 1000)).toEqual([270, 285, 300, 315, 330]);
  });

  it('waits for Retry-After, at most a day', () => {
    const waits = (retryAfterSeconds: number) => nextAttemptAt({ failed: 1, since: T0, retryAfterSeconds }, T0, 0.5);
    expect(waits(1)).toBe(T0 + 5_000);
    expect(waits(600)).toBe(T0 + 600_000);
    expect(waits(10 * 86_400)).toBe(T0 + DAY);
  });

  it('never begins later than three days after the first one', () => {
    const cases = fc.record({
      failed: fc.integer({ min: 1, max: 40 }),
      elapsed: fc.nat(5 * DAY),
      retryAfterSeconds: fc.nat(2 * 86_400),
      random: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, ({ failed, elapsed, retryAfterSeconds, random }) => {
        const now = T0 + elapsed;
        const next = nextAttemptAt({ failed, since: T0, retryAfterSeconds }, now, random);
        if (next !== undefined) {
          expect(next).toBeGreaterThan(now);
          expect(next).toBeLessThanOrEqual(T0 + RETRY_FOR_MS);
        }
      }),
    );
  });
});

describe('the due time of a delivery', () => {
  it('is missing only where the upkeep checks the delivery after its next attempt', () => {
    const cases = fc.record({ late: fc.nat(DAY), wait: fc.nat(DAY) });
    fc.assert(
      fc.property(cases, ({ late, wait }) => {
        const now = T0 + late;
        const next = now + wait;
        const due = dueOf({ at: T0 }, next, now);
        if (due === undefined) expect(next).toBeLessThan(T0 + CHECK_AFTER_MS);
        else expect(due).toBeGreaterThanOrEqual(next);
      }),
    );
  });

  it('leaves a message time to arrive first, and is the next attempt where no message can wait so long', () => {
    const now = T0 + HOUR;
    expect(dueOf({ at: T0 }, now + MINUTE, now)).toBe(now + 2 * MINUTE);
    expect(dueOf({ at: T0 }, now + MAX_MESSAGE_DELAY_MS + 1, now)).toBe(now + MAX_MESSAGE_DELAY_MS + 1);
  });
});

it('a paused endpoint is probed after 10 s first, later ever more seldom, at least every 15 min', () => {
  expect([0, 1, 2, 3, 10, 60].map((failed) => probeDelay(failed, 0.5) / 1000)).toEqual([10, 20, 40, 80, 900, 900]);
});
