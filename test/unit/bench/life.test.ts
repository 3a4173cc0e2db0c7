import { describe, expect, it } from 'vitest';
import { averageLife, EVERY_MINUTE, OURS } from '../../bench/cost/life.ts';

/** Refreshes of the average group of the cost bench in 30 days. */
const refreshes = (way: typeof OURS, readsPerDay: number) =>
  Object.values(averageLife(way, readsPerDay).refreshes).reduce((sum, times) => sum + times, 0);

describe('a group’s first 30 days, as the cost bench reckons them', () => {
  it.each([
    [0, 0],
    [1, 26],
    [20, 85],
    [100, 119],
  ])('with %i reads a day take at most %i refreshes that reads request', (readsPerDay, limit) => {
    const { requested } = averageLife(OURS, readsPerDay);
    expect(requested).toBeLessThanOrEqual(limit);
    expect(requested).toBeGreaterThanOrEqual(0.95 * limit);
  });

  it.each([0, 1, 20, 100])('take less than a third of a poller’s refreshes with %i reads a day', (readsPerDay) => {
    expect(refreshes(OURS, readsPerDay)).toBeLessThan(refreshes(EVERY_MINUTE, readsPerDay) / 3);
  });

  it('take as many refreshes of a poller with reads as without', () => {
    expect(averageLife(EVERY_MINUTE, 100)).toEqual(averageLife(EVERY_MINUTE, 0));
  });
});
