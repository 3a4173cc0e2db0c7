import { expect, it } from 'vitest';
import { findTerms, type Term, wordsOf } from '../../../../bin/check-terms/terms.ts';

it.each([
  ['cutShort', ['cut', 'short']],
  ['CUT_SHORT', ['cut', 'short']],
  ['cut-short', ['cut', 'short']],
  ['refresh.request_failed', ['refresh', 'request', 'failed']],
  ['FailedRefreshes', ['failed', 'refreshes']],
  ['parseJSONText', ['parse', 'json', 'text']],
  ['sha256Of', ['sha', 'of']],
  ['#dueAt', ['due', 'at']],
  ['returns 410, then nothing', ['returns', 'then', 'nothing']],
])('%s has the words %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});

const TERMS: readonly Term[] = [
  { forms: ['quicken', 'quickened'], use: 'expedite' },
  { forms: ['cut short'], use: 'rate limited' },
  { forms: ['bulk'], use: 'max', only: 'name' },
];
const formsIn = (kind: 'name' | 'title', text: string) =>
  findTerms({ kind, text, line: 1 }, TERMS).map(({ form }) => form);

it('finds a form of a term in any notation of a name, and in a title', () => {
  for (const name of ['quicken', 'isQuickened', 'QUICKEN_MS']) expect(formsIn('name', name)).toHaveLength(1);
  expect(formsIn('title', 'a group that is quickened is due')).toEqual(['quickened']);
});

it('finds no part of a word', () => {
  for (const name of ['unquickened', 'bulky', 'withcutShortup']) expect(formsIn('name', name)).toEqual([]);
});

it('finds a form of several words only in a row', () => {
  expect(formsIn('name', 'isCutShort')).toEqual(['cut short']);
  expect(formsIn('name', 'shortCut')).toEqual([]);
});

it('finds a term that is limited to names in no title', () => {
  expect(formsIn('name', 'BULK_LINES')).toEqual(['bulk']);
  expect(formsIn('title', 'waits for the bulk of it')).toEqual([]);
});

it('returns the replacement of each term that it finds', () => {
  expect(findTerms({ kind: 'name', text: 'quickenCutShort', line: 1 }, TERMS)).toEqual([
    { form: 'quicken', use: 'expedite' },
    { form: 'cut short', use: 'rate limited' },
  ]);
});
