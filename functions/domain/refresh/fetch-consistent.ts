import { bytesHash, contentHash, type Group } from '../group/group.ts';
import type { Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';
import { fetchPages, type Paging } from './fetch-pages.ts';
import { MAX_PAGE_SIZE, nextPageSize } from './page-size.ts';

/** Attempts to fetch a whole group before the refresh fails. */
const MAX_ATTEMPTS = 5;

export interface ConsistentFetch {
  readonly group: Group;
  /** See contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** When the attempt that produced this group began, ms since the epoch. AnyCheck's answers are not older. */
  readonly at: number;
  /** The page size at which the next refresh begins. */
  readonly pageSize: number;
}

export interface FetchOptions {
  /** Ends the fetch. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** The page size to begin with, as the last refresh returned it. The fetch halves it where pages are too large. */
  readonly pageSize?: number | undefined;
  /** Rewrites every verification before it is hashed, compared or stored. */
  readonly rewrite?: ((verification: Verification) => Verification) | undefined;
}

/** Why a group could not be fetched. */
export interface FetchFailure {
  readonly error: UpstreamError;
  /** The page size at which the next refresh begins. */
  readonly pageSize: number;
}

/**
 * Fetches a group as it was at one moment. A single page is consistent by itself. Several pages are consistent where
 * their content equals the served snapshot, or where two attempts in a row return the same content (a double collect).
 * So an unchanged group costs one attempt.
 * @param known the content hash of the served snapshot, if there is one.
 * @returns the group, or a failure: INCONSISTENT where the group changed during every attempt, TOO_LARGE where a single
 * item is too large, or the error of AnyCheck's answer.
 */
export async function fetchConsistent(
  anycheck: AnyCheck,
  resultId: string,
  known: string | undefined,
  { signal, now, pageSize = MAX_PAGE_SIZE, rewrite }: FetchOptions,
): Promise<ConsistentFetch | FetchFailure> {
  let paging: Paging = { size: pageSize, shown: undefined, total: Number.POSITIVE_INFINITY, heaviest: 0 };
  let before: string | undefined;
  let failure: UpstreamError | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const at = now();
    const result = await fetchPages({ anycheck, resultId, signal, rewrite }, paging);
    paging = result.paging;
    if (result.kind === 'complete') {
      const { group, pages } = result;
      const content = contentHash(group);
      if (pages === 1 || content === known || content === before) {
        return { group, content, bytes: bytesHash(group), at, pageSize: sizeAfter(pageSize, paging) };
      }
      before = content;
      failure = undefined;
    } else {
      before = undefined;
      failure = result.error;
      if (failure.reason !== 'INCONSISTENT') break;
    }
  }
  const error = failure ?? new UpstreamError('INCONSISTENT', 'AnyCheck returned a different list at every attempt');
  // A single item that is too large shows that no larger page can work.
  return { error, pageSize: error.reason === 'TOO_LARGE' ? 1 : sizeAfter(pageSize, paging) };
}

/** Returns the page size at which the next refresh begins, after one that began with `began`. */
const sizeAfter = (began: number, { shown: worked, total, heaviest }: Paging): number =>
  worked === undefined ? began : nextPageSize({ began, worked, total, heaviest });
