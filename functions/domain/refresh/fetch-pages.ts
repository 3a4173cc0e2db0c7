import { setImmediate } from 'node:timers/promises';
import { type Group, type Item, itemOf } from '../group/group.ts';
import type { Listing, Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';

/** Pages that are fetched at once. */
const MAX_PARALLEL_PAGES = 4;
/**
 * Characters of all pages that are fetched at once: a worker has 1 GB of memory, and the group itself needs some of it.
 */
const MAX_IN_FLIGHT_CHARACTERS = 32_000_000;
/**
 * Characters of items that are read without a break, which takes about 50 ms. After that, timers and signals can run.
 */
const CHUNK_CHARACTERS = 4_000_000;

/** How a group's pages are fetched. Each attempt records what it finds, and the next attempt uses it. */
export interface Paging {
  /** Items of a page. */
  readonly size: number;
  /** A size that AnyCheck has answered, or above which every larger size proved too large; undefined before either. */
  readonly shown: number | undefined;
  /** Items of the group, and characters of the heaviest page. */
  readonly total: number;
  readonly heaviest: number;
}

/** The result of one attempt, and how the next attempt fetches pages. */
export type FetchedPages =
  | { readonly kind: 'complete'; readonly group: Group; readonly pages: number; readonly paging: Paging }
  | { readonly kind: 'failed'; readonly error: UpstreamError; readonly paging: Paging };

export interface FetchPagesOptions {
  readonly anycheck: AnyCheck;
  readonly resultId: string;
  readonly signal: AbortSignal;
  readonly rewrite: ((verification: Verification) => Verification) | undefined;
}

const inconsistent = (what: string) => new UpstreamError('INCONSISTENT', `AnyCheck's pages ${what}`);

/**
 * Fetches a whole group page by page. Several pages that agree are not yet proven to
 * be one snapshot (see fetchConsistent).
 * @returns the group, or the UpstreamError that ended the attempt: INCONSISTENT where pages contradict each other.
 */
export async function fetchPages(options: FetchPagesOptions, from: Paging): Promise<FetchedPages> {
  let paging = from;
  const record = (seen: Partial<Paging>) => {
    paging = { ...paging, ...seen };
    return paging;
  };
  try {
    const { group, pages } = await allPages(options, from, record);
    return { kind: 'complete', group, pages, paging };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { kind: 'failed', error, paging };
  }
}

/** @param record merges an observation into the paging, and returns the merged paging. @throws UpstreamError. */
async function allPages(
  options: FetchPagesOptions,
  from: Paging,
  record: (seen: Partial<Paging>) => Paging,
): Promise<{ group: Group; pages: number }> {
  const { signal, rewrite = (one) => one } = options;
  let paging = from;
  const items: Item[] = [];
  let first: Listing | undefined;
  let pages = 0;
  let unbroken = 0;
  while (!first || items.length < first.total) {
    const next = await pagesFrom(items.length, options, paging);
    paging = record(next.seen);
    for (const listing of next.listings) {
      first ??= listing;
      if (listing.totalText !== first.totalText || listing.overallStatusText !== first.overallStatusText) {
        throw inconsistent('disagree on total or overall_status');
      }
      pages++;
      paging = record({ total: listing.total, heaviest: Math.max(paging.heaviest, weightOf(listing)) });
      for (const verification of listing.items) {
        unbroken += verification.text.length;
        if (unbroken > CHUNK_CHARACTERS) {
          await breathe(signal);
          unbroken = 0;
        }
        items.push(itemOf(rewrite(verification)));
      }
    }
  }
  if (new Set(items.map((item) => item.id)).size !== items.length) throw inconsistent('hold an id twice');
  const { totalText, overallStatus, overallStatusText } = first;
  return { group: { totalText, overallStatus, overallStatusText, items }, pages };
}

const weightOf = ({ items }: Listing) => items.reduce((sum, { text }) => sum + text.length, 0);

async function breathe(signal: AbortSignal): Promise<void> {
  await setImmediate();
  if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck took too long');
}

/**
 * Fetches the next pages at once: as many as should fit into memory, by the heaviest page so far. Where a page is too
 * large, it returns only the pages before that one and halves the page size.
 * @throws UpstreamError where a page fails for another reason, or where a page of one item is too large.
 */
async function pagesFrom(
  offset: number,
  { anycheck, resultId, signal }: FetchPagesOptions,
  { size, heaviest, total }: Paging,
): Promise<{ listings: Listing[]; seen: Partial<Paging> }> {
  const parallel =
    offset === 0 ? 1 : Math.max(1, Math.min(MAX_PARALLEL_PAGES, Math.floor(MAX_IN_FLIGHT_CHARACTERS / heaviest)));
  const offsets = Array.from({ length: parallel }, (_, i) => offset + i * size).filter((at) => at === 0 || at < total);
  // It waits for all pages also after a failure: pages still in flight would add to the memory of the next ones.
  const answers = await Promise.allSettled(
    offsets.map(async (at) => {
      const listing = await anycheck.list(resultId, { offset: at, size }, signal);
      if (listing.items.length !== Math.min(size, listing.total - at)) {
        throw inconsistent('hold more or fewer items than total says');
      }
      return listing;
    }),
  );
  const listings: Listing[] = [];
  const failures: unknown[] = [];
  for (const answer of answers) {
    if (answer.status === 'rejected') failures.push(answer.reason);
    else if (failures.length === 0) listings.push(answer.value);
  }
  const fatal = failures.find((one) => size === 1 || !isTooMuch(one, signal));
  if (fatal) throw fatal;
  const next = failures.length > 0 ? Math.floor(size / 2) : size;
  const isShown = failures.length === 0 || failures.some(isTooLarge);
  return { listings, seen: { size: next, ...(isShown && { shown: next }) } };
}

const isTooLarge = (error: unknown) => error instanceof UpstreamError && error.reason === 'TOO_LARGE';

/** Whether a smaller page might succeed: the page was too large, or timed out while the whole fetch still has time. */
const isTooMuch = (error: unknown, signal: AbortSignal) =>
  isTooLarge(error) || (error instanceof UpstreamError && error.reason === 'TIMED_OUT' && !signal.aborted);
