import { expect, it } from 'vitest';
import { nextPageSize } from '../../../../../functions/domain/refresh/page-size.ts';

it.each([
  ['doubles what worked', { began: 12, worked: 12, total: 1000, heaviest: 1_000 }, 24],
  ['ends at AnyCheck’s largest', { began: 96, worked: 96, total: 1000, heaviest: 1_000 }, 100],
  ['keeps one that worked only after a larger one didn’t', { began: 50, worked: 25, total: 1000, heaviest: 1_000 }, 25],
  [
    'does not double pages whose double can’t be taken',
    { began: 25, worked: 25, total: 1000, heaviest: 13_000_000 },
    25,
  ],
  [
    'asks for a group that fits in one page as for any other',
    { began: 50, worked: 12, total: 12, heaviest: 30_000_000 },
    100,
  ],
  ['stays where it is', { began: 100, worked: 100, total: 1000, heaviest: 1_000 }, 100],
])('the next page size %s', (_, seen, size) => {
  expect(nextPageSize(seen)).toBe(size);
});
