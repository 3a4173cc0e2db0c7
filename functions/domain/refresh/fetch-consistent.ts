import type { Group } from '../group/group.ts';
import type { PageSize } from '../group/page-size.ts';
import type { Verification } from '../group/verification.ts';
import type { AnyCheck } from '../upstream/anycheck.ts';
import { UpstreamError } from '../upstream/errors.ts';
import { fetchPages, startOf } from './fetch-pages.ts';
import { pageSizeAfter, pageSizeAt } from './page-size.ts';
import { sightings } from './sightings.ts';

/** Passes in a row that prove nothing more, after which the refresh fails. */
const MAX_IDLE_ATTEMPTS = 5;
/** Calls after which no further attempt begins, unless only MIN_ATTEMPTS attempts were made. */
const MAX_CALLS = 200;
const MIN_ATTEMPTS = 5;

export interface ConsistentFetch {
  readonly group: Group;
  /** When the attempt that produced this group began, ms since the epoch. AnyCheck's answers are not older. */
  readonly at: number;
  /** The page size at which the next refresh begins. */
  readonly pageSize: PageSize;
}

export interface FetchOptions {
  /** Ends the fetch. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** The page size to begin with, as the last refresh returned it. The fetch halves it where pages are too large. */
  readonly pageSize?: PageSize | undefined;
  /** Rewrites every verification before it is hashed, compared or stored. */
  readonly rewrite?: ((verification: Verification) => Verification) | undefined;
}

/** Why a group could not be fetched. */
export interface FetchFailure {
  readonly error: UpstreamError;
  /** The page size at which the next refresh begins. */
  readonly pageSize: PageSize;
}

/**
 * Fetches a group as it was at one moment. A single page is a moment by itself. Several pages are fetched in attempts,
 * until they show the content of the served snapshot or prove a moment (see sightings). So an unchanged group costs one
 * attempt, and a changed one two. Every second attempt begins with a page of half the size: its pages end elsewhere, so a list
 * that changes between two pages is not torn in the same place twice.
 * @param known the content hash of the served snapshot, if there is one.
 * @returns the group, or a failure: INCONSISTENT where no moment could be proven, TOO_LARGE where a single item is too
 * large, or the error of AnyCheck's answer.
 */
export async function fetchConsistent(
  anycheck: AnyCheck,
  resultId: string,
  known: string | undefined,
  { signal, now, pageSize, rewrite }: FetchOptions,
): Promise<ConsistentFetch | FetchFailure> {
  const began = pageSizeAt(pageSize, now());
  let paging = startOf(began.items);
  const seen = sightings();
  let error = new UpstreamError('INCONSISTENT', 'AnyCheck returned a different list at every attempt');
  let calls = 0;
  let idle = 0;
  let fewest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; idle < MAX_IDLE_ATTEMPTS && (attempt < MIN_ATTEMPTS || calls < MAX_CALLS); attempt++) {
    seen.begin(now());
    const result = await fetchPages({ anycheck, resultId, signal, rewrite, see: seen.see }, paging, attempt % 2 === 1);
    paging = result.paging;
    calls += result.pages;
    if (result.error && result.error.reason !== 'INCONSISTENT') {
      error = result.error;
      break;
    }
    if (result.error) seen.doubt();
    const moment = seen.proven(known);
    if (moment) {
      const { group, at } = moment;
      const next = pageSizeAfter(began, paging, now());
      return { group, at, pageSize: next };
    }
    idle = seen.missing() < fewest ? 0 : idle + 1;
    fewest = Math.min(fewest, seen.missing());
  }
  return { error, pageSize: pageSizeAfter(began, paging, now(), error.reason) };
}
