import { describe, expect, it } from 'vitest';
import { relativeTime } from '../../../../../../functions/console/page/parts/relative-time.ts';

const NOW = Date.parse('2026-11-29T12:00:00Z');

describe('a time relative to now', () => {
  it.each([
    ['2026-11-29T12:00:03Z', 'now'],
    ['2026-11-29T11:59:30Z', '30 sec. ago'],
    ['2026-11-29T11:01:00Z', '59 min. ago'],
    ['2026-11-29T10:59:00Z', '1 hr. ago'],
    ['2026-11-29T12:05:00Z', 'in 5 min.'],
    ['2026-11-20T12:00:00Z', '9 days ago'],
  ])('says for %s: %s', (at, text) => {
    expect(relativeTime(Date.parse(at), NOW)).toBe(text);
  });
});
