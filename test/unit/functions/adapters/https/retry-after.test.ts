import { expect, it } from 'vitest';
import { retryAfterSeconds } from '../../../../../functions/adapters/https/retry-after.ts';

const NOW = Date.UTC(2026, 10, 29, 12, 0, 0);

it.each([
  ['120', 120],
  [' 120 ', 120],
  ['86400', 86_400],
  ['86401', 86_400],
  ['9'.repeat(400), 86_400],
  ['Sun, 29 Nov 2026 12:05:00 GMT', 300],
  ['Sunday, 29-Nov-26 12:05:00 GMT', 300],
  ['Sun Nov 29 12:05:00 2026', 300],
  ['Thu, 31 Dec 2026 12:00:00 GMT', 86_400],
])('Retry-After: %.40s is %d seconds from now', (text, expected) => {
  expect(retryAfterSeconds(text, NOW)).toBe(expected);
});

it.each([undefined, '', '0', '-1', '1.5', '1e3', '2 minutes', 'soon', 'Sun, 29 Nov 2026 12:00:00 GMT', '2026-11-30'])(
  'Retry-After: %s has no effect',
  (text) => {
    expect(retryAfterSeconds(text, NOW)).toBeUndefined();
  },
);
