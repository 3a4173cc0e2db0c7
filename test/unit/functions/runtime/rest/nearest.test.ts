import { expect, it } from 'vitest';
import { nearest } from '../../../../../functions/runtime/rest/nearest.ts';

const KNOWN = ['phase', 'overall_status', 'order', 'cursor', 'limit', 'from', 'to'];

it.each([
  ['overall_staus', 'overall_status'],
  ['overallStatus', 'overall_status'],
  ['OVERALL_STATUS', 'overall_status'],
  ['form', 'from'],
  ['limits', 'limit'],
  ['phse', 'phase'],
  ['curser', 'cursor'],
  ['tO', 'to'],
])('finds the known name that %s is a misspelling of', (name, known) => {
  expect(nearest(name, KNOWN)).toBe(known);
});

it.each(['status', 'page_size', 'offset', 'q', '', 'x'.repeat(10_000)])('finds no name near %j', (name) => {
  expect(
    nearest(
      name,
      KNOWN.filter((one) => one !== 'to'),
    ),
  ).toBeUndefined();
});

it('finds none where none is known', () => {
  expect(nearest('limit', [])).toBeUndefined();
});
