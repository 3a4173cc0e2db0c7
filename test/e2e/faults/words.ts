import type { Row, Seen } from './bench.ts';
import { type Pages, samePages } from './pages.ts';

/**
 * ms, in classes that are the same at every run. Within a class they differ by jitter and by the load of the machine.
 */
const SPANS = [
  [14_500, 16_500, '15 s'],
  [17_000, 22_000, 'the requested 20 s'],
  [26_500, 33_000, '30 s'],
  [3_599_500, 3_600_000, 'as AnyCheck requests, at most 1 h'],
] as const;

/** Seconds. */
const RETRY_AFTER = [
  [1, 10, 'at most 10'],
  [11, 13, '13'],
  [15, 15, '15'],
  [17, 22, '20'],
  [3600, 3600, '3600'],
] as const;

type Classes = readonly (readonly [from: number, to: number, words: string])[];
const classOf = (classes: Classes, value: number) =>
  classes.find(([from, to]) => from <= value && value <= to)?.[2] ?? `${value}, which is in no class`;

/** The default code of a status: the page leaves it out. */
const CODE = new Map([
  [404, 'NOT_FOUND'],
  [503, 'INTERNAL_SERVER_ERROR'],
]);

/**
 * @param listed AnyCheck's current list. @param before the list that was served before.
 * @param matches whether served pages are the list.
 */
export function wordsOfAnswer(seen: Seen, listed: Pages, before?: Pages, matches = samePages): string {
  const { status, version, pages, code, retryAfter } = seen;
  if (pages === undefined) {
    const wait = retryAfter === undefined ? '' : `, Retry-After: ${classOf(RETRY_AFTER, retryAfter)}`;
    return `${status}${code === CODE.get(status) ? '' : ` ${code}`}${wait}`;
  }
  if (before && samePages(pages, before)) return `${status}, version ${version}, unchanged`;
  if (matches(pages, listed)) return `${status}, version ${version}${before ? ', as AnyCheck lists it' : ''}`;
  return `${status}, version ${version}: neither what was served nor what AnyCheck lists`;
}

function wordsOfRow(row: Row | undefined): string {
  if (row === undefined) return 'no row';
  const { failures, last_error } = row;
  return failures === 0 ? 'no failure' : `${last_error}, ${failures} failure${failures === 1 ? '' : 's'}`;
}

function wordsOfDue(row: Row | undefined): string {
  if (row?.due === undefined) return 'never';
  return row.failures === 0 ? 'by the cadence' : classOf(SPANS, row.due - (row.last_attempt ?? 0));
}

const both = (known: string, unknown: string) => (known === unknown ? known : `${known} (unknown: ${unknown})`);

/** The schedule records of both groups in words; one text where both are the same. */
export const wordsOfRows = (known: Row | undefined, unknown: Row | undefined) => ({
  row: both(wordsOfRow(known), wordsOfRow(unknown)),
  again: both(wordsOfDue(known), wordsOfDue(unknown)),
});
