import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isForgotten, type Phase, phaseOf } from '../../../../../functions/domain/group/phase.ts';
import { backoff, nextRefreshDelay } from '../../../../../functions/domain/refresh/cadence.ts';
import { UNUSED } from '../../../../../functions/domain/upstream/budget.ts';
import { callsPerSecond } from '../../../../../functions/domain/upstream/rate-limit.ts';
import { parseSettings } from '../../../../../lib/settings/settings.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const age = fc.integer({ min: 0, max: 400 * DAY });

/** Refreshes at a group that doesn't change for a while, its first one at its publish. */
function refreshes(phase: Phase, days: number, jitter: number): number {
  let count = 0;
  for (let at = 0; at < days * DAY; count++) at += nextRefreshDelay(phase, at, jitter) ?? Number.POSITIVE_INFINITY;
  return count;
}

/** The same at the sweeps of an installation, once a minute. */
function refreshesSwept(phase: Phase, span: number): number {
  for (let [at, count] = [0, 0]; ; count++) {
    const delay = nextRefreshDelay(phase, at, 0.5);
    at = delay === null ? Number.POSITIVE_INFINITY : Math.ceil((at + delay) / MINUTE) * MINUTE;
    if (at > span) return count;
  }
}

/** Calls to AnyCheck for an id that a caller tracks and AnyCheck never knows, until the service drops it. */
function callsUntilDropped(jitter: number): number {
  for (let [at, count] = [0, 1]; ; count++) {
    if (isForgotten(false, at)) return count;
    at += backoff(count, jitter);
  }
}

/** The same where AnyCheck answers with an empty list. */
function emptyCallsUntilDropped(jitter: number): number {
  for (let [at, count] = [0, 1]; ; count++) {
    if (isForgotten(false, at)) return count;
    const phase = phaseOf({ items: [], overall: null, hadItems: false }, at);
    at += nextRefreshDelay(phase, at, jitter) ?? Number.POSITIVE_INFINITY;
  }
}

const pageOf = (name: string) => readFileSync(new URL(`../../../../../docs/${name}.md`, import.meta.url), 'utf8');

describe('the next refresh', () => {
  it.each(['active', 'waiting', 'settled'] as const)('happens as often as docs/api.md says (%s)', (phase) => {
    const counts = [HOUR, DAY, 7 * DAY, 30 * DAY].map((span) => refreshesSwept(phase, span));
    expect(pageOf('api')).toContain(`| ${phase} | ${counts.join(' | ')} |`);
  });

  it('comes after a fifth of the time that an active group has not changed, a tenth of a waiting one’s', () => {
    expect(nextRefreshDelay('active', HOUR, 0.5)).toBe(HOUR / 5);
    expect(nextRefreshDelay('waiting', HOUR, 0.5)).toBe(HOUR / 10);
  });

  it('of an active group comes after some 13 minutes for six hours, and then after a fifth again', () => {
    expect(nextRefreshDelay('active', 6 * HOUR - 1, 0.5)).toBe(13 * MINUTE);
    // Groups that were tracked together do not stay together.
    expect(nextRefreshDelay('active', 3 * HOUR, 0)).toBe(13 * MINUTE * 0.9);
    expect(nextRefreshDelay('active', 6 * HOUR, 0.5)).toBe((6 * HOUR) / 5);
    expect(nextRefreshDelay('waiting', 6 * HOUR - 10, 0.5)).toBe((6 * HOUR) / 10 - 1);
  });

  it('is never sooner than 15 s, later than a day, or further than 10 % off', () => {
    fc.assert(
      fc.property(fc.constantFrom<Phase>('active', 'waiting'), age, random, (phase, unchanged, jitter) => {
        const delay = nextRefreshDelay(phase, unchanged, jitter) ?? Number.NaN;
        const soon = phase === 'active' && unchanged < 6 * HOUR ? 13 * MINUTE : Number.POSITIVE_INFINITY;
        const exact = Math.min(soon, unchanged / (phase === 'active' ? 5 : 10));
        expect(delay).toBeGreaterThanOrEqual(Math.round(Math.max(15_000, Math.min(DAY, exact * 0.9))));
        expect(delay).toBeLessThanOrEqual(Math.round(Math.max(15_000, Math.min(DAY, exact * 1.1))));
      }),
    );
  });

  it('of a group that stays active for 30 days happens at most 100 times', () => {
    fc.assert(
      fc.property(random, (jitter) => {
        expect(refreshes('active', 30, jitter)).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('of an id that AnyCheck never knows takes as many calls as docs/configuration.md says, and fewer for an empty list', () => {
    const calls = callsUntilDropped(0.5);
    const { budget_share: share, anycheck_max_rps: maxRps, new_groups_per_day: groups } = parseSettings({});
    const allowed = callsPerSecond(UNUSED, { share, maxRps }) * (DAY / 1000);
    const page = pageOf('configuration').replaceAll(/\s+/g, ' ');
    expect(page).toContain(`${calls} calls`);
    expect(page).toContain(`${((groups * calls) / 1e6).toFixed(1)} million calls`);
    expect(page).toContain(`${allowed.toLocaleString('en')} calls a day`);
    fc.assert(
      fc.property(random, (jitter) => {
        expect(Math.abs(callsUntilDropped(jitter) - calls)).toBeLessThanOrEqual(1);
        expect(emptyCallsUntilDropped(jitter)).toBeLessThan(calls);
      }),
    );
  });

  it('of a settled group happens four times, at growing distances, then only on request', () => {
    fc.assert(
      fc.property(random, (jitter) => {
        expect(refreshes('settled', 365, jitter)).toBe(4 + 1);
      }),
    );
    expect([0, HOUR, DAY, 7 * DAY].map((at) => nextRefreshDelay('settled', at, 0.5))).toEqual([
      HOUR,
      DAY - HOUR,
      6 * DAY,
      23 * DAY,
    ]);
    expect(nextRefreshDelay('settled', 30 * DAY, 0.5)).toBeNull();
  });

  it('after a failure backs off, for at least the Retry-After of AnyCheck', () => {
    const delays = [1, 2, 3, 20, 1000].map((failures) => backoff(failures, 0.5));
    expect(delays).toEqual([15_000, 30_000, 60_000, 900_000, 900_000]);
    expect(backoff(1, 0.5, { retryAfter: 120 })).toBe(120_000);
    expect(backoff(1000, 0.5, { fleetWide: true })).toBe(15_000);
  });
});
