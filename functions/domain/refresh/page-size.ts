import type { PageSize } from '../group/page-size.ts';
import type { UpstreamReason } from '../upstream/errors.ts';
import type { Paging } from './fetch-pages.ts';

/** The items of AnyCheck's largest page. */
export const MAX_PAGE_SIZE = 100;

/**
 * Characters of a page above which a page of twice the items is not tried: an answer ends at
 * 32 MB, white space included.
 */
const TOO_HEAVY_TO_DOUBLE = 12_000_000;

/** ms after which a larger page than AnyCheck's cap is tried again. */
const CAP_HOLDS_MS = 86_400_000;

export const LARGEST: PageSize = { items: MAX_PAGE_SIZE, cappedAt: undefined };

/** Returns the page size at which a refresh begins now. A cap that is a day old is tried with twice its items. */
export function pageSizeAt(stored: PageSize = LARGEST, now: number): PageSize {
  const { items, cappedAt } = stored;
  if (cappedAt === undefined || now - cappedAt < CAP_HOLDS_MS) return stored;
  return { items: Math.min(MAX_PAGE_SIZE, items * 2), cappedAt: undefined };
}

/**
 * Returns the page size at which the next refresh begins: twice the size that worked, unless that is known to be too
 * large. A size that worked only after a larger one failed stays for one refresh, and AnyCheck's cap stays for a day. A
 * group that fits into one page gets the largest size, since its page is the same at any size.
 * @param began the page size at which the refresh began. @param now ms since the epoch.
 * @param failed why the refresh failed, where it did.
 */
export function pageSizeAfter(began: PageSize, paging: Paging, now: number, failed?: UpstreamReason): PageSize {
  const { shown, total, heaviest, isCapped } = paging;
  // A single item that is too large shows that no larger page can work. A group of too many items shows nothing.
  if (failed === 'TOO_LARGE' && (shown ?? began.items) === 1) return { items: 1, cappedAt: undefined };
  if (shown === undefined || failed === 'REJECTED') return began;
  const cappedAt = isCapped ? now : began.cappedAt;
  if (cappedAt !== undefined) return { items: shown, cappedAt };
  if (total <= shown) return LARGEST;
  const isTooMuch = shown < began.items || heaviest > TOO_HEAVY_TO_DOUBLE;
  return { items: isTooMuch ? shown : Math.min(MAX_PAGE_SIZE, shown * 2), cappedAt };
}
