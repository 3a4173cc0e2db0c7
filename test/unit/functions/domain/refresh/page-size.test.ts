import { expect, it } from 'vitest';
import { startOf } from '../../../../../functions/domain/refresh/fetch-pages.ts';
import { LARGEST, pageSizeAfter, pageSizeAt } from '../../../../../functions/domain/refresh/page-size.ts';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

it.each([
  ['doubles what worked', 12, { shown: 12, total: 1000, heaviest: 1_000 }, 24],
  ['ends at AnyCheck’s largest', 96, { shown: 96, total: 1000, heaviest: 1_000 }, 100],
  ['keeps one that worked only after a larger one didn’t', 50, { shown: 25, total: 1000, heaviest: 1_000 }, 25],
  ['does not double pages whose double can’t be taken', 25, { shown: 25, total: 1000, heaviest: 13_000_000 }, 25],
  ['asks for a group that fits in one page as for any other', 50, { shown: 12, total: 12, heaviest: 30_000_000 }, 100],
  ['stays where it is', 100, { shown: 100, total: 1000, heaviest: 1_000 }, 100],
])('the next page size %s', (_, items, seen, size) => {
  const next = pageSizeAfter({ items, cappedAt: undefined }, { ...startOf(items), ...seen }, NOW);
  expect(next).toEqual({ items: size, cappedAt: undefined });
});

it('A cap stays for a day, whatever the group’s size, and is then tried with twice its items', () => {
  const capped = { ...startOf(100), shown: 20, total: 250, isCapped: true };
  const stored = pageSizeAfter(LARGEST, capped, NOW);
  expect(stored).toEqual({ items: 20, cappedAt: NOW });
  const seen = { ...startOf(20), shown: 20, total: 20 };
  expect(pageSizeAfter(pageSizeAt(stored, NOW + 1000), seen, NOW + 1000)).toEqual(stored);
  expect(pageSizeAt(stored, NOW + DAY - 1)).toEqual(stored);
  expect(pageSizeAt(stored, NOW + DAY)).toEqual({ items: 40, cappedAt: undefined });
});

it('stays where AnyCheck states too many items, and is one item where a single item is too large', () => {
  const stated = { ...startOf(100), total: 2 ** 53 - 1 };
  expect(pageSizeAfter(LARGEST, stated, NOW, 'TOO_LARGE')).toEqual(LARGEST);
  const heavy = { ...startOf(1), shown: 1, total: 5 };
  expect(pageSizeAfter(LARGEST, heavy, NOW, 'TOO_LARGE')).toEqual({ items: 1, cappedAt: undefined });
});
