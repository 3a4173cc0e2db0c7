import { bytesHash, contentHash, type Group } from '../group/group.ts';
import type { Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';
import { fetchPages, type Paging } from './fetch-pages.ts';
import { LARGEST_PAGE, nextPageSize } from './page-size.ts';

/** Fetches of a whole group before it is given up for this time. */
const MAX_ATTEMPTS = 5;

export interface ConsistentFetch {
  readonly group: Group;
  /** See contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** When the fetch that is served began, ms: AnyCheck said so no earlier. */
  readonly at: number;
  /** The page size to begin the next collect with. */
  readonly pageSize: number;
}

export interface FetchOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Items of a page to begin with, as the collect before said; one that is too much is halved on the way. */
  readonly pageSize?: number | undefined;
  /** What is made of every verification before anything else is. */
  readonly rewrite?: ((verification: Verification) => Verification) | undefined;
}

/** Why a group could not be fetched. */
export interface FetchFailure {
  readonly error: UpstreamError;
  /** The page size to begin the next collect with. */
  readonly pageSize: number;
}

/**
 * A group as it was at one moment. One page is a moment; of several pages that differ from what is known, two passes that
 * give the same are (a double collect is a true snapshot), so an unchanged group pays for one pass alone.
 * @param known the content hash of what is served, if anything is.
 * @returns a failure INCONSISTENT where the group didn't hold still, TOO_LARGE where a single item is, or AnyCheck's own.
 */
export async function fetchConsistent(
  anycheck: AnyCheck,
  resultId: string,
  known: string | undefined,
  { signal, now, pageSize = LARGEST_PAGE, rewrite }: FetchOptions,
): Promise<ConsistentFetch | FetchFailure> {
  let paging: Paging = { size: pageSize, shown: undefined, total: Number.POSITIVE_INFINITY, heaviest: 0 };
  let before: string | undefined;
  let failure: UpstreamError | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const at = now();
    const passed = await fetchPages({ anycheck, resultId, signal, rewrite }, paging);
    paging = passed.paging;
    if (passed.kind === 'complete') {
      const { group, pages } = passed;
      const content = contentHash(group);
      if (pages === 1 || content === known || content === before) {
        return { group, content, bytes: bytesHash(group), at, pageSize: sizeAfter(pageSize, paging) };
      }
      before = content;
      failure = undefined;
    } else {
      before = undefined;
      failure = passed.error;
      if (failure.reason !== 'INCONSISTENT') break;
    }
  }
  const error = failure ?? new UpstreamError('INCONSISTENT', 'AnyCheck gave another list at every pass');
  // What is too large as a single item is no reason to ask for two.
  return { error, pageSize: error.reason === 'TOO_LARGE' ? 1 : sizeAfter(pageSize, paging) };
}

/** The page size to begin the next collect with, after one that began with `began`. */
const sizeAfter = (began: number, { shown: worked, total, heaviest }: Paging): number =>
  worked === undefined ? began : nextPageSize({ began, worked, total, heaviest });
