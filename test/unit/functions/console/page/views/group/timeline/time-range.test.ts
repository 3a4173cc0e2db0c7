import { describe, expect, it } from 'vitest';
import {
  percentOf,
  timeRange,
} from '../../../../../../../../functions/console/page/views/group/timeline/time-range.ts';

const WEEK = 604_800_000;

describe('the shown time', () => {
  it('reaches to now for a group that still changes', () => {
    expect(timeRange({ first: 0, last: 1_000, isOpen: true, now: WEEK })).toEqual({ start: 0, end: WEEK });
  });

  it('ends soon after the last change of a settled group', () => {
    expect(timeRange({ first: 0, last: 100_000, isOpen: false, now: WEEK })).toEqual({ start: 0, end: 108_000 });
  });

  it('reaches to now where there is a single version', () => {
    expect(timeRange({ first: 5, last: 5, isOpen: false, now: WEEK })).toEqual({ start: 5, end: WEEK });
  });

  it('contains the last version, and has a length, also where the clock of the browser is behind', () => {
    expect(timeRange({ first: 5_000, last: 9_000, isOpen: true, now: 0 })).toEqual({ start: 5_000, end: 9_000 });
    expect(timeRange({ first: 5_000, last: 5_000, isOpen: true, now: 0 })).toEqual({ start: 5_000, end: 6_000 });
  });

  it('places a time in percent, and one outside of it at its nearer end', () => {
    const range = { start: 1_000, end: 2_000 };
    expect([0, 1_000, 1_250, 2_000, 9_000].map((at) => percentOf(at, range))).toEqual([0, 0, 25, 100, 100]);
  });
});
