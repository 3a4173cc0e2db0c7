import { type Fault, fails, fault, SERVED, status, succeeds } from './fault.ts';

/** Items that take two pages of AnyCheck's list. */
const TWO_PAGES = { items: 150 };
const onceServed = { once: SERVED };

/** Answers that concern only the requested group. @param elsewhere the target of a redirect. */
export const oneGroup = (elsewhere: string): readonly Fault[] => [
  fault('400 `INVALID_REQUEST`', status(400, 'INVALID_REQUEST'), fails('REJECTED')),
  fault('401 `INVALID_TOKEN` (API key)', status(401, 'INVALID_TOKEN'), fails('REFUSED')),
  fault('403 `FORBIDDEN`', status(403, 'FORBIDDEN'), fails('REFUSED')),
  fault('403 `INSUFFICIENT_BALANCE`', status(403, 'INSUFFICIENT_BALANCE'), fails('REFUSED')),
  fault('404 `NOT_FOUND`', status(404, 'NOT_FOUND'), {
    ...fails('NOT_FOUND', { once: '404' }),
    unknown: '404',
    row: 'NOT_FOUND, 1 failure (unknown: no row)',
    again: '15 s (unknown: never)',
  }),
  fault('409, an unknown error code', status(409, 'GROUP_LOCKED'), fails('REJECTED')),
  fault('a redirect (302)', status(302, 'FOUND', { location: elsewhere }), fails('UNAVAILABLE', onceServed)),
  fault('204, without a body', status(204, 'NONE'), fails('UNAVAILABLE', onceServed)),
  fault('200, an HTML page', { kind: 'html_200' }, fails('MALFORMED')),
  fault('200, an empty body', { kind: 'empty_body' }, fails('MALFORMED')),
  fault('200, JSON that stops in the middle', { kind: 'truncate' }, fails('MALFORMED')),
  fault('200, a JSON array', { kind: 'not_an_object' }, fails('MALFORMED')),
  fault('200, an error body', { kind: 'error_200' }, fails('MALFORMED')),
  fault('`total` is a string', { kind: 'wrong_types', field: 'total' }, fails('MALFORMED')),
  fault('`overall_status` is a number', { kind: 'wrong_types', field: 'overall_status' }, fails('MALFORMED')),
  fault('`items` is an object', { kind: 'wrong_types', field: 'items' }, fails('MALFORMED')),
  fault('an item without `id`', { kind: 'missing_id' }, fails('MALFORMED')),
  fault("another group's items", { kind: 'foreign_group' }, fails('MALFORMED')),
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
  fault('an item is removed between pages', { kind: 'drop_item' }, fails('INCONSISTENT', onceServed), TWO_PAGES),
  fault('an item is inserted between pages', { kind: 'insert_item' }, fails('INCONSISTENT', onceServed), TWO_PAGES),
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
  fault('an answer that takes 2 s', { kind: 'delay', delay_ms: 2_000 }, succeeds()),
];
