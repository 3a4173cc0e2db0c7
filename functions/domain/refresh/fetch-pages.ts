import { setImmediate } from 'node:timers/promises';
import { type Group, type Item, itemOf } from '../group/group.ts';
import type { Listing, Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';

/** Pages asked for at once. */
const MAX_PARALLEL_PAGES = 4;
/** Characters that the pages asked for at once may weigh: a worker has 1 GB, for the group as well. */
const MAX_IN_FLIGHT_CHARACTERS = 32_000_000;
/** Characters of items that are read in one go, which takes some 50 ms: then timers and signals have their turn. */
const CHUNK_CHARACTERS = 4_000_000;

/** How a group's pages are asked for. What one pass finds out, the next one goes by. */
export interface Paging {
  /** Items of a page. */
  readonly size: number;
  /** The size that AnyCheck was seen to give, or than which every larger one was seen to be too much. */
  readonly shown: number | undefined;
  /** Items of the group, and characters of the heaviest page. */
  readonly total: number;
  readonly heaviest: number;
}

/** What a pass came to, and how pages are asked for from then on. */
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
 * Everything of a group, page by page. Several pages can only agree or not: they are no snapshot by themselves. A pass whose
 * pages contradict each other fails as INCONSISTENT.
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

/** @param learn takes what is found out on the way, and gives how pages are asked for with it. @throws UpstreamError. */
async function allPages(
  options: FetchPagesOptions,
  from: Paging,
  learn: (seen: Partial<Paging>) => Paging,
): Promise<{ group: Group; pages: number }> {
  const { signal, rewrite = (one) => one } = options;
  let paging = from;
  const items: Item[] = [];
  let first: Listing | undefined;
  let pages = 0;
  let unbroken = 0;
  while (!first || items.length < first.total) {
    const next = await pagesFrom(items.length, options, paging);
    paging = learn(next.seen);
    for (const listing of next.listings) {
      first ??= listing;
      if (listing.totalText !== first.totalText || listing.overallStatusText !== first.overallStatusText) {
        throw inconsistent('disagree on total or overall_status');
      }
      pages++;
      paging = learn({ total: listing.total, heaviest: Math.max(paging.heaviest, weightOf(listing)) });
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
 * The next pages, as many at once as those before let expect to be light enough. Where one is too much, those before it, if
 * any: from there on smaller ones are asked for.
 */
async function pagesFrom(
  offset: number,
  { anycheck, resultId, signal }: FetchPagesOptions,
  { size, heaviest, total }: Paging,
): Promise<{ listings: Listing[]; seen: Partial<Paging> }> {
  const parallel =
    offset === 0 ? 1 : Math.max(1, Math.min(MAX_PARALLEL_PAGES, Math.floor(MAX_IN_FLIGHT_CHARACTERS / heaviest)));
  const offsets = Array.from({ length: parallel }, (_, i) => offset + i * size).filter((at) => at === 0 || at < total);
  // All of them, however the first ends: pages that are still on their way would come on top of the next.
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

/** Whether fewer items might do. */
const isTooMuch = (error: unknown, signal: AbortSignal) =>
  isTooLarge(error) || (error instanceof UpstreamError && error.reason === 'TIMED_OUT' && !signal.aborted);
