/** The items of AnyCheck's largest page. */
export const MAX_PAGE_SIZE = 100;

/**
 * Characters of a page above which a page of twice the items is not tried: an answer ends at
 * 32 MB, white space included.
 */
const TOO_HEAVY_TO_DOUBLE = 12_000_000;

/** What a refresh observed about a group's pages. */
export interface PagesSeen {
  /** The page size at which it began, and the largest one that AnyCheck answered. */
  readonly began: number;
  readonly worked: number;
  /** Items of the group, and characters of the heaviest page. */
  readonly total: number;
  readonly heaviest: number;
}

/**
 * Returns the page size at which the next refresh begins: twice the size that worked, unless that is known to be too
 * large. A size that worked only after a larger one failed stays for one refresh. A group that fits into one page gets
 * the largest size, since its page is the same at any size.
 */
export function nextPageSize({ began, worked, total, heaviest }: PagesSeen): number {
  if (total <= worked) return MAX_PAGE_SIZE;
  if (worked < began || heaviest > TOO_HEAVY_TO_DOUBLE) return worked;
  return Math.min(MAX_PAGE_SIZE, worked * 2);
}
