import { expect, it } from 'vitest';
import {
  CurrentRow,
  currentRow,
  snapshotOf,
} from '../../../../../../functions/adapters/dynamodb/layout/content-row.ts';
import type { Snapshot } from '../../../../../../functions/domain/group/snapshot.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const pages = [
  { introduced: 1, hash: 'one-name-of', count: 40, rows: 1 },
  { introduced: 3, hash: 'another-one', count: 1, rows: 2 },
];
const snapshot: Snapshot = {
  version: 2,
  revision: 3,
  since: 3,
  publishedAt: 4,
  began: 1,
  fetchedAt: 4,
  revisedAt: 4,
  totalText: '41',
  overallStatusText: '"COMPLETED"',
  phase: 'settled',
  hadItems: true,
  isRedacted: false,
  content: 'c',
  bytes: 'b',
  inline: undefined,
  pages,
};

it('reads back the page directory that a current row stores', () => {
  expect(snapshotOf(CurrentRow.parse(currentRow(ID, snapshot)))).toEqual(snapshot);
});
