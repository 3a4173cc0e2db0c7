import { type Fault, fails, fault, raw, SERVED, status, succeeds, variants } from './fault.ts';
import { endsWith } from './pages.ts';

/** Items that take two pages of AnyCheck's list. */
const TWO_PAGES = { items: 150 };
const onceServed = { once: SERVED };

const NOT_FOUND = {
  ...fails('NOT_FOUND', { once: '404' }),
  unknown: '404',
  row: 'NOT_FOUND, 1 failure (unknown: no row)',
  again: '15 s (unknown: never)',
};
const inCodings = (...codings: readonly string[]) =>
  fault(`a list with the content coding ${codings.join(', ')}`, { kind: 'coded', codings }, succeeds());
const withStatus = (name: string, sent: string) =>
  fault(`an item's status is ${name}`, { kind: 'unknown_status', status: sent }, succeeds(), {
    sent: (page) => page.replace('"status":"COMPLETED"', () => `"status":${JSON.stringify(sent)}`),
  });

/** Answers that concern only the requested group, as far as one answer shows. */
export const oneGroup: readonly Fault[] = [
  fault('400 `INVALID_REQUEST`', status(400, 'INVALID_REQUEST'), fails('REJECTED', onceServed)),
  fault('403 `FORBIDDEN`', status(403, 'FORBIDDEN'), fails('REFUSED')),
  fault('404 `NOT_FOUND`', status(404, 'NOT_FOUND'), NOT_FOUND),
  fault('409, an unknown error code', status(409, 'GROUP_LOCKED'), fails('REJECTED')),
  fault('200, an HTML page', { kind: 'html_200' }, fails('MALFORMED')),
  fault('200, an empty body', { kind: 'empty_body' }, fails('MALFORMED')),
  fault('200, JSON that stops in the middle', { kind: 'truncate' }, fails('MALFORMED')),
  fault('200, a JSON array', { kind: 'not_an_object' }, fails('MALFORMED')),
  fault('200, an error body', { kind: 'error_200' }, fails('MALFORMED')),
  fault('200, `null`', raw(200, 'null'), fails('MALFORMED')),
  fault('200, `[]`', raw(200, '[]'), fails('MALFORMED')),
  fault('`total` is a string', { kind: 'wrong_types', field: 'total' }, fails('MALFORMED')),
  fault('`overall_status` is a number', { kind: 'wrong_types', field: 'overall_status' }, fails('MALFORMED')),
  fault('`items` is an object', { kind: 'wrong_types', field: 'items' }, fails('MALFORMED')),
  fault('an item without `id`', { kind: 'missing_id' }, fails('MALFORMED')),
  fault("another group's items", { kind: 'foreign_group' }, fails('MALFORMED')),
  fault(
    '`overall_status` has 500,000 characters',
    { kind: 'status_moves', pages: 'any', to: 'x'.repeat(500_000) },
    fails('MALFORMED'),
  ),
  fault(
    '`total` is 9007199254740991, with one item',
    raw(200, '{"total":9007199254740991,"overall_status":"COMPLETED","items":[{"id":"i0","status":"COMPLETED"}]}'),
    fails('TOO_LARGE'),
  ),
  fault(
    'an answer of a few KB that is 40 MB without its content coding',
    raw(200, '          ', { repeat: 4_000_000, codings: ['zstd'] }),
    fails('TOO_LARGE', onceServed),
  ),
  inCodings('gzip'),
  ...variants(
    inCodings('br'),
    inCodings('zstd'),
    inCodings('deflate'),
    inCodings('deflate-raw'),
    inCodings('deflate', 'gzip'),
  ),
  fault(
    'a list whose `Content-Encoding` names another coding than it has',
    { kind: 'coded', codings: ['br'], label: 'gzip' },
    fails('MALFORMED'),
  ),
  fault(
    'a list whose `Content-Encoding` is unknown',
    { kind: 'coded', codings: ['gzip'], label: 'compress' },
    fails('MALFORMED'),
  ),
  fault('`total` is one too many', { kind: 'wrong_total', by: 1 }, fails('INCONSISTENT', onceServed)),
  fault('`total` is one too few', { kind: 'wrong_total', by: -1 }, fails('INCONSISTENT', onceServed)),
  fault('a page without its last item', { kind: 'short_page' }, fails('INCONSISTENT', onceServed)),
  fault('an id on two pages', { kind: 'duplicate_id' }, fails('INCONSISTENT', onceServed), TWO_PAGES),
  fault(
    '`overall_status` changes between pages',
    { kind: 'status_moves' },
    fails('INCONSISTENT', onceServed),
    TWO_PAGES,
  ),
  fault('an item is removed between pages', { kind: 'drop_item' }, succeeds(), { ...TWO_PAGES, anyOrder: true }),
  fault('an item is inserted between pages', { kind: 'insert_item' }, succeeds(), TWO_PAGES),
  fault('an item moves between pages', { kind: 'move_item' }, fails('INCONSISTENT', onceServed), TWO_PAGES),
  fault(
    'one item is removed and another inserted between pages, once: `total` stays',
    { kind: 'swap_item', times: 1 },
    succeeds(),
    TWO_PAGES,
  ),
  fault('an unknown status', { kind: 'unknown_status' }, succeeds(), {
    sent: (page) => page.replace('"status":"COMPLETED"', '"status":"ESCALATED"'),
  }),
  withStatus('an empty string', ''),
  ...variants(withStatus('`constructor`', 'constructor'), withStatus('`__proto__`', '__proto__')),
  withStatus('a lone surrogate', '\ud800'),
  fault('the order of the items differs at every call', { kind: 'shuffle' }, succeeds(), {
    ...TWO_PAGES,
    anyOrder: true,
  }),
  fault('a page holds at most 20 items', { kind: 'cap', max: 20 }, succeeds(), TWO_PAGES),
  fault('400 for a `page_size` above 50', { kind: 'refuse_size', max: 50 }, succeeds(), TWO_PAGES),
  fault(
    'an item is inserted every second, and every call takes 0.4 s',
    () => ({ kind: 'grow', since: Date.now(), every_ms: 1000, delay_ms: 400 }),
    succeeds(),
    { ...TWO_PAGES, matches: endsWith },
  ),
  fault('every page but the first is empty', { kind: 'empty_page' }, fails('INCONSISTENT', onceServed), TWO_PAGES),
  fault(
    'every page but the first lacks its last item',
    { kind: 'short_page', pages: 'later' },
    fails('INCONSISTENT', onceServed),
    TWO_PAGES,
  ),
  fault('an answer that takes 2 s', { kind: 'delay', delay_ms: 2_000 }, succeeds()),
];
