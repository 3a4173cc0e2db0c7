import { describe, expect, it } from 'vitest';
import {
  loadHistory,
  NO_HISTORY,
  type Version,
} from '../../../../../../../functions/console/page/views/group/load-history.ts';

const PAGE = 3;
const versionOf = (version: number): Version => ({
  version,
  at: '2026-11-29T00:00:00.000Z',
  confirmed_until: '2026-11-29T00:00:00.000Z',
  overall_status: null,
  phase: 'active',
  total: 1,
  transitions: [],
  added: 0,
  removed: 0,
  changed: 1,
});

/** A service that keeps the versions from `oldest` to `newest`. The cursor is the number of the next version. */
function service(oldest: number, newest: number) {
  const read: (string | undefined)[] = [];
  return {
    read,
    async readPage(cursor: string | undefined) {
      read.push(cursor);
      const first = cursor === undefined ? newest : Number(cursor);
      const items = Array.from({ length: Math.min(PAGE, first - oldest + 1) }, (_, i) => versionOf(first - i));
      return { items, next_cursor: first - PAGE < oldest ? null : String(first - PAGE) };
    },
  };
}
const numbers = (versions: readonly Version[]) => versions.map(({ version }) => version);

describe('the history of a group', () => {
  it('is read to its end', async () => {
    const { readPage, read } = service(2, 9);
    const { versions, isComplete } = await loadHistory(readPage, NO_HISTORY);
    expect(numbers(versions)).toEqual([9, 8, 7, 6, 5, 4, 3, 2]);
    expect(isComplete).toBe(true);
    expect(read).toEqual([undefined, '6', '3']);
  });

  it('is read only where it is unknown after a new version', async () => {
    const known = await loadHistory(service(1, 9).readPage, NO_HISTORY);
    const { readPage, read } = service(1, 11);
    const { versions, isComplete } = await loadHistory(readPage, known);
    expect(numbers(versions)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(isComplete).toBe(true);
    expect(read).toEqual([undefined]);
  });

  it('has no gap where more versions are new than a page holds', async () => {
    const known = await loadHistory(service(1, 2).readPage, NO_HISTORY);
    const { readPage, read } = service(1, 9);
    expect(numbers((await loadHistory(readPage, known)).versions)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(read).toEqual([undefined, '6', '3']);
  });

  it('ends after 20 pages, and says that older versions are missing', async () => {
    const { readPage, read } = service(1, 100);
    const { versions, isComplete } = await loadHistory(readPage, NO_HISTORY);
    expect(read).toHaveLength(20);
    expect(numbers(versions).at(-1)).toBe(41);
    expect(isComplete).toBe(false);
  });

  it('is read only where it is unknown, also without its oldest versions', async () => {
    const known = await loadHistory(service(1, 100).readPage, NO_HISTORY);
    const { readPage, read } = service(1, 101);
    const { versions, isComplete } = await loadHistory(readPage, known);
    expect(numbers(versions)).toEqual(Array.from({ length: 61 }, (_, i) => 101 - i));
    expect(isComplete).toBe(false);
    expect(read).toEqual([undefined]);
  });

  it('is empty, and complete, before the first version', async () => {
    const known = await loadHistory(async () => ({ items: [], next_cursor: null }), NO_HISTORY);
    expect(known).toEqual({ versions: [], isComplete: true });
    const { versions } = await loadHistory(service(1, 2).readPage, known);
    expect(numbers(versions)).toEqual([2, 1]);
  });
});
