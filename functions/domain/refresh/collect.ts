import { bytesHash, contentHash, type Group } from '../group/group.ts';
import type { Verification } from '../group/verification.ts';
import type { AnyCheck } from '../store/ports.ts';
import { UpstreamError } from '../upstream/errors.ts';
import { LARGEST_PAGE, nextPageSize } from './page-size.ts';
import { type Paging, pass } from './pass.ts';

/** Fetches of a whole group before it is given up for this time. */
const MAX_COLLECTS = 5;

export interface Collected {
  readonly group: Group;
  /** See contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** When the fetch that is served began, ms: AnyCheck said so no earlier. */
  readonly at: number;
  /** The page size to begin the next collect with. */
  readonly pageSize: number;
}

export interface CollectOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Items of a page to begin with, as the collect before said; one that is too much is halved on the way. */
  readonly pageSize?: number | undefined;
  /** What is made of every verification before anything else is. */
  readonly rewrite?: ((verification: Verification) => Verification) | undefined;
}

/**
 * A group as it was at one moment. One page is a moment; of several pages that differ from what is known, two passes that
 * give the same are (a double collect is a true snapshot), so an unchanged group pays for one pass alone.
 * @param known the content hash of what is served, if anything is.
 * @throws UpstreamError with the `pageSize` to begin the next collect with; INCONSISTENT where the group didn't hold still,
 * TOO_LARGE where a single item is.
 */
export async function collect(
  anycheck: AnyCheck,
  resultId: string,
  known: string | undefined,
  { signal, now, pageSize = LARGEST_PAGE, rewrite }: CollectOptions,
): Promise<Collected> {
  const paging: Paging = { size: pageSize, shown: undefined, total: Number.POSITIVE_INFINITY, heaviest: 0 };
  const next = () => {
    const { shown: worked, total, heaviest } = paging;
    return worked === undefined ? pageSize : nextPageSize({ began: pageSize, worked, total, heaviest });
  };
  let before: string | undefined;
  let fault: UpstreamError | undefined;
  try {
    for (let attempt = 0; attempt < MAX_COLLECTS; attempt++) {
      const at = now();
      try {
        const { group, pages } = await pass({ anycheck, resultId, signal, paging, rewrite });
        const content = contentHash(group);
        if (pages === 1 || content === known || content === before) {
          return { group, content, bytes: bytesHash(group), at, pageSize: next() };
        }
        before = content;
        fault = undefined;
      } catch (error) {
        if (!(error instanceof UpstreamError) || error.reason !== 'INCONSISTENT') throw error;
        before = undefined;
        fault = error;
      }
    }
    throw fault ?? new UpstreamError('INCONSISTENT', 'AnyCheck gave another list at every pass');
  } catch (error) {
    // What is too large as a single item is no reason to ask for two.
    if (error instanceof UpstreamError) error.pageSize = error.reason === 'TOO_LARGE' ? 1 : next();
    throw error;
  }
}
