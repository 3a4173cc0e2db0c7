import { describe, expect, it } from 'vitest';
import { endOf, timeOf } from '../../../../bin/export/period.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');

describe('a time of an export', () => {
  it.each([
    ['2026-11-29', '2026-11-29T00:00:00Z'],
    ['2026-11-29T12:30:00.250Z', '2026-11-29T12:30:00.250Z'],
    ['2026-11-29T12:30+07:00', '2026-11-29T05:30:00Z'],
  ])('%s is %s', (text, time) => {
    expect(timeOf('--since', text)).toBe(Date.parse(time));
  });

  // A time without an offset would depend on the machine.
  it.each(['', 'yesterday', '2026', '2026-13-01', '2026-11-29T12:30:00', '29.11.2026'])('refuses %j', (text) => {
    expect(() => timeOf('--since', text)).toThrow(/^--since must be a time such as /);
  });
});

describe('the end of an export', () => {
  it('is 6 seconds ago by default, because later changes can still appear', () => {
    expect(endOf(0, undefined, NOW)).toBe(NOW - 6_000);
    expect(endOf(0, NOW - 6_000, NOW)).toBe(NOW - 6_000);
    expect(() => endOf(0, NOW - 5_999, NOW)).toThrow(/^--until must be at least 6 seconds ago/);
  });

  it('is after the begin', () => {
    expect(() => endOf(NOW - 6_000, undefined, NOW)).toThrow(/^--since must be before the end/);
    expect(() => endOf(500, 500, NOW)).toThrow(/^--since must be before the end/);
  });
});
