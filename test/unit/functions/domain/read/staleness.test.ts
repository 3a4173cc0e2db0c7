import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase } from '../../../../../functions/domain/group/phase.ts';
import { stalenessThreshold } from '../../../../../functions/domain/read/staleness.ts';
import { nextRefreshDelay } from '../../../../../functions/domain/refresh/cadence.ts';
import { parseSettings } from '../../../../../lib/settings/settings.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const DEFAULT = parseSettings({}).fresh_seconds;
const PHASES = ['active', 'waiting', 'settled'] as const satisfies readonly Phase[];
const phase = fc.constantFrom<Phase>(...PHASES);
const seconds = fc.integer({ min: 1, max: 86_400 });
const fresh = fc.record({ active: seconds, waiting: seconds, settled: seconds });
/** ms. A clock that is behind the one that published makes it negative. */
const unchanged = fc.integer({ min: -DAY, max: 400 * DAY });

describe('the staleness threshold', () => {
  it('is never below fresh_seconds, and never above a day', () => {
    fc.assert(
      fc.property(fresh, phase, unchanged, (freshSeconds, of, ms) => {
        const threshold = stalenessThreshold(freshSeconds, of, ms);
        expect(threshold).toBeGreaterThanOrEqual(freshSeconds[of] * 1000);
        expect(threshold).toBeLessThanOrEqual(DAY);
      }),
    );
  });

  it('only grows while the content does not change, and with fresh_seconds', () => {
    fc.assert(
      fc.property(fresh, fresh, phase, unchanged, fc.nat(400 * DAY), (some, other, of, ms, more) => {
        const raised = { ...some, [of]: Math.max(some[of], other[of]) };
        const threshold = stalenessThreshold(some, of, ms);
        expect(stalenessThreshold(some, of, ms + more)).toBeGreaterThanOrEqual(threshold);
        expect(stalenessThreshold(raised, of, ms)).toBeGreaterThanOrEqual(threshold);
      }),
    );
  });

  it('is fresh_seconds alone at a publish, and depends on no other phase', () => {
    fc.assert(
      fc.property(fresh, fresh, phase, unchanged, (some, other, of, ms) => {
        expect(stalenessThreshold(some, of, 0)).toBe(some[of] * 1000);
        expect(stalenessThreshold({ ...other, [of]: some[of] }, of, ms)).toBe(stalenessThreshold(some, of, ms));
      }),
    );
  });

  it('is at most a twentieth of the time without change of a settled group, a 200th of another, or fresh_seconds', () => {
    fc.assert(
      fc.property(fresh, phase, unchanged, (freshSeconds, of, ms) => {
        const longest = Math.max(freshSeconds[of] * 1000, ms / (of === 'settled' ? 20 : 200));
        expect(stalenessThreshold(freshSeconds, of, ms)).toBeLessThanOrEqual(longest + 0.001);
      }),
    );
  });

  it('of a group that is not settled comes before its schedule, so that a reader speeds it up', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Phase>('active', 'waiting'),
        fc.integer({ min: 12 * MINUTE, max: 30 * DAY }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (of, ms, random) => {
          expect(stalenessThreshold(DEFAULT, of, ms)).toBeLessThan(nextRefreshDelay(of, ms, random) ?? 0);
        },
      ),
    );
  });

  it('of a settled group is 15 minutes for five hours, and a day after 20 days', () => {
    const hours = [0, 5, 10, 24, 240, 480, 2000].map((after) => after * 60 * MINUTE);
    expect(hours.map((ms) => stalenessThreshold(DEFAULT, 'settled', ms) / MINUTE)).toEqual([
      15, 15, 30, 72, 720, 1440, 1440,
    ]);
  });
});
