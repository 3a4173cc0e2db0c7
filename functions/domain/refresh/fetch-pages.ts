import { setImmediate } from 'node:timers/promises';
import { type Item, itemOf } from '../group/group.ts';
import type { Listing, Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';

/** Pages that are fetched at once. */
const MAX_PARALLEL_PAGES = 4;
/**
 * Characters of all pages that are fetched at once: a worker has 1 GB of memory, and the group itself needs some of it.
 */
const MAX_IN_FLIGHT_CHARACTERS = 32_000_000;
/** Items of a group, at most: the names of its pages must fit into one row. */
const MAX_ITEMS = 50_000;
/** AnyCheck's own default for `page_size`: it refuses no page for having as few items. */
const DEFAULT_PAGE_SIZE = 10;
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
  /** Items of a first page that was shorter than requested, until the page behind it shows whether that is a cap. */
  readonly short: number | undefined;
  /** Whether AnyCheck returns no larger pages than `size`, although they were requested. */
  readonly isCapped: boolean;
}

/** @param size items of a page. */
export const startOf = (size: number): Paging => ({
  size,
  shown: undefined,
  total: Number.POSITIVE_INFINITY,
  heaviest: 0,
  short: undefined,
  isCapped: false,
});

/** The result of one attempt: its pages, the UpstreamError that ended it early, and how the next attempt fetches pages. */
export interface FetchedPages {
  readonly pages: number;
  readonly error: UpstreamError | undefined;
  readonly paging: Paging;
}

export interface FetchPagesOptions {
  readonly anycheck: AnyCheck;
  readonly resultId: string;
  readonly signal: AbortSignal;
  readonly rewrite: ((verification: Verification) => Verification) | undefined;
  /** Receives every page, in order. */
  readonly see: (listing: Listing, items: readonly Item[], isFirst: boolean) => void;
}

const inconsistent = (what: string) => new UpstreamError('INCONSISTENT', `AnyCheck's pages ${what}`);

/**
 * Makes one attempt over the pages of a group. The pages need not be one moment of it (see sightings).
 * @param isHalved whether the first page has half the size, so that all pages begin elsewhere than in the attempt before.
 * @returns the UpstreamError that ended the attempt early, if any: INCONSISTENT where pages contradict each other.
 */
export async function fetchPages(options: FetchPagesOptions, from: Paging, isHalved: boolean): Promise<FetchedPages> {
  let paging = from;
  let pages = 0;
  const record = (seen: Partial<Paging>, more: number) => {
    paging = { ...paging, ...seen };
    pages += more;
    return paging;
  };
  try {
    await allPages(options, isHalved, record);
    return { pages, error: undefined, paging };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { pages, error, paging };
  }
}

/** @param record merges an observation into the paging, counts pages, and returns the merged paging. */
async function allPages(
  options: FetchPagesOptions,
  isHalved: boolean,
  record: (seen: Partial<Paging>, pages: number) => Paging,
): Promise<void> {
  let paging = record({ short: undefined }, 0);
  let first: Listing | undefined;
  let end = Number.POSITIVE_INFINITY;
  for (let offset = 0; offset < end; ) {
    const { listings, seen } = await pagesFrom(offset, options, paging, isHalved);
    paging = record(seen, listings.length);
    for (const listing of listings) {
      const isFirst = first === undefined;
      first ??= listing;
      if (listing.overallStatusText !== first.overallStatusText) throw inconsistent('disagree on overall_status');
      if (listing.total > MAX_ITEMS) throw new UpstreamError('TOO_LARGE', 'the group has too many items');
      // Items that were inserted since the first page move others behind its total, by one page at most.
      end = Math.min(listing.total, first.total + paging.size);
      paging = record({ total: listing.total, heaviest: Math.max(paging.heaviest, weightOf(listing)) }, 0);
      options.see(listing, await itemsOf(listing, options), isFirst);
      offset += listing.items.length;
    }
  }
}

const weightOf = ({ items }: Listing) => items.reduce((sum, { text }) => sum + text.length, 0);

/** @throws UpstreamError TIMED_OUT where the signal aborts meanwhile. */
async function itemsOf({ items }: Listing, { signal, rewrite = (one) => one }: FetchPagesOptions): Promise<Item[]> {
  const read: Item[] = [];
  let unbroken = 0;
  for (const verification of items) {
    unbroken += verification.text.length;
    if (unbroken > CHUNK_CHARACTERS) {
      await setImmediate();
      if (signal.aborted) throw new UpstreamError('TIMED_OUT', 'AnyCheck took too long');
      unbroken = 0;
    }
    read.push(itemOf(rewrite(verification)));
  }
  return read;
}

/**
 * Fetches the next pages at once: as many as should fit into memory, by the heaviest page so far. Where a page is too
 * large, it returns only the pages before that one and halves the page size.
 * @throws UpstreamError where a page fails for another reason, or where a page of one item is too large.
 */
async function pagesFrom(
  offset: number,
  { anycheck, resultId, signal }: FetchPagesOptions,
  { size, heaviest, total, short }: Paging,
  isHalved: boolean,
): Promise<{ listings: Listing[]; seen: Partial<Paging> }> {
  const fitting = Math.max(1, Math.min(MAX_PARALLEL_PAGES, Math.floor(MAX_IN_FLIGHT_CHARACTERS / heaviest)));
  const parallel = offset === 0 || short !== undefined ? 1 : fitting;
  const requested = offset === 0 && isHalved ? Math.ceil(size / 2) : size;
  const offsets = Array.from({ length: parallel }, (_, i) => offset + i * size).filter((at) => at === 0 || at < total);
  // It waits for all pages also after a failure: pages still in flight would add to the memory of the next ones.
  const answers = await Promise.allSettled(
    offsets.map(async (at) => {
      const listing = await anycheck.list(resultId, { offset: at, size: requested }, signal);
      assertLength(listing, at, requested, short);
      return listing;
    }),
  );
  const listings: Listing[] = [];
  const failures: unknown[] = [];
  for (const answer of answers) {
    if (answer.status === 'rejected') failures.push(answer.reason);
    else if (failures.length === 0) listings.push(answer.value);
  }
  const fatal = failures.find((one) => requested === 1 || !isTooMuch(one, requested, signal));
  if (fatal) throw fatal;
  if (failures.length > 0) {
    const half = Math.floor(requested / 2);
    const isRefused = failures.some(isRefusedSize);
    const isShown = isRefused || failures.some(isTooLarge);
    return { listings, seen: { size: half, ...(isShown && { shown: half }), ...(isRefused && { isCapped: true }) } };
  }
  const [listing] = listings;
  if (!listing || parallel > 1) return { listings, seen: { shown: size } };
  const { length } = listing.items;
  if (short !== undefined) {
    // A longer page refutes that the first page's length was a cap.
    const seen = length > short ? { shown: size } : { size: short, shown: short, isCapped: true };
    return { listings, seen: { ...seen, short: undefined } };
  }
  if (length < Math.min(requested, listing.total - offset)) return { listings, seen: { short: length } };
  return { listings, seen: requested === size ? { shown: size } : {} };
}

/**
 * Checks how many items a page holds. Only the first page may be shorter than requested, and the page behind it as
 * short: AnyCheck then caps its pages.
 * @throws UpstreamError INCONSISTENT.
 */
function assertLength({ items, total }: Listing, at: number, requested: number, short: number | undefined): void {
  if (items.length > requested) throw inconsistent('hold more items than requested');
  const isShort = items.length < Math.min(requested, total - at);
  const isCap = items.length > 0 && (at === 0 || items.length === short);
  if (isShort && !isCap) throw inconsistent('hold fewer items than total says');
}

const isTooLarge = (error: unknown) => error instanceof UpstreamError && error.reason === 'TOO_LARGE';
const isRefusedSize = (error: unknown) =>
  error instanceof UpstreamError && error.reason === 'REJECTED' && error.mayBeSize;

/**
 * Whether a smaller page might succeed: the page was too large, AnyCheck may have refused its size, or it timed out
 * while the whole fetch still has time.
 */
const isTooMuch = (error: unknown, requested: number, signal: AbortSignal) =>
  isTooLarge(error) ||
  (isRefusedSize(error) && requested > DEFAULT_PAGE_SIZE) ||
  (error instanceof UpstreamError && error.reason === 'TIMED_OUT' && !signal.aborted);
