import { zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { CurrentRow, currentRow, snapshotOf } from '../../../../functions/adapters/rows.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const pages = [
  { introduced: 1, hash: 'sixteen-letters-', count: 40, rows: 1 },
  { introduced: 3, hash: 'eleven-lett', count: 1, rows: 2 },
];
const row = {
  pk: `group#${ID}`,
  sk: 'head#current',
  v: 1,
  version: 2,
  revision: 3,
  since: 3,
  published_at: 4,
  began: 1,
  fetched_at: 4,
  revised_at: 4,
  total: '41',
  overall_status: '"COMPLETED"',
  phase: 'settled',
  had_items: true,
  content: 'c',
  bytes: 'b',
};

it('reads the directory of pages that earlier versions wrote, and its own', () => {
  const earlier = zstdCompressSync(JSON.stringify(pages.map((one) => [one.introduced, one.hash, one.count, one.rows])));
  const snapshot = snapshotOf(CurrentRow.parse({ ...row, pages: earlier }));
  expect(snapshot?.pages).toEqual(pages);
  if (!snapshot) throw new Error('it has content');
  expect(snapshotOf(CurrentRow.parse(currentRow(ID, snapshot)))).toEqual(snapshot);
});
