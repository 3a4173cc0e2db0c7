/** AnyCheck's largest page. */
export const LARGEST_PAGE = 100;

/** Characters of a page, twice of which are no answer that can be taken: it ends at 32 MB, its white space included. */
const TOO_HEAVY_TO_DOUBLE = 12_000_000;

/** What a look found out about a group's pages. */
export interface PagesSeen {
  /** The page size that it began with, and the one that AnyCheck could give. */
  readonly began: number;
  readonly worked: number;
  /** Items of the group, and characters of the heaviest page. */
  readonly total: number;
  readonly heaviest: number;
}

/**
 * The page size to begin the next look with: the double of what worked, unless that is known to be too much. One that only
 * worked after a larger one didn't stays for a look. A group that fits in one page is the same page whatever is asked for.
 */
export function nextPageSize({ began, worked, total, heaviest }: PagesSeen): number {
  if (total <= worked) return LARGEST_PAGE;
  if (worked < began || heaviest > TOO_HEAVY_TO_DOUBLE) return worked;
  return Math.min(LARGEST_PAGE, worked * 2);
}
