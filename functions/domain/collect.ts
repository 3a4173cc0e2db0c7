import { UpstreamError } from './errors.ts';
import { bytesHash, contentHash, type Group, type Item, itemOf } from './group.ts';
import type { AnyCheck } from './ports.ts';
import type { Listing, Verification } from './verification.ts';

/** AnyCheck's largest page. */
const PAGE_SIZE = 100;
/** Pages asked for at once. */
const PARALLEL = 4;
/** Fetches of a whole group before it is given up for this time. */
const MAX_COLLECTS = 5;

export interface Collected {
  readonly group: Group;
  /** See contentHash and bytesHash. */
  readonly content: string;
  readonly bytes: string;
  /** When the fetch that is served began, ms: AnyCheck said so no earlier. */
  readonly at: number;
}

const inconsistent = (what: string) => new UpstreamError('INCONSISTENT', `AnyCheck's pages ${what}`);

function comparable(verification: Verification): Item {
  try {
    return itemOf(verification);
  } catch (error) {
    // The one way in which valid JSON can't be walked: it is nested thousands deep.
    if (!(error instanceof RangeError)) throw error;
    throw new UpstreamError('MALFORMED', "AnyCheck's answer is nested too deeply");
  }
}

/** Everything of a group in one pass. Several pages can only agree or not: they are no snapshot by themselves. */
async function collectOnce(anycheck: AnyCheck, resultId: string, signal: AbortSignal): Promise<Group> {
  const page = async (offset: number): Promise<Listing> => {
    const listing = await anycheck.list(resultId, { offset, size: PAGE_SIZE }, signal);
    if (listing.items.length !== Math.min(PAGE_SIZE, listing.total - offset)) {
      throw inconsistent('hold more or fewer items than total says');
    }
    return listing;
  };
  const first = await page(0);
  const pages = [first];
  for (let offset = PAGE_SIZE; offset < first.total; offset += PARALLEL * PAGE_SIZE) {
    const offsets = Array.from({ length: PARALLEL }, (_, i) => offset + i * PAGE_SIZE).filter(
      (one) => one < first.total,
    );
    pages.push(...(await Promise.all(offsets.map(page))));
  }

  const { totalText, overallStatus, overallStatusText } = first;
  if (pages.some((one) => one.totalText !== totalText || one.overallStatusText !== overallStatusText)) {
    throw inconsistent('disagree on total or overall_status');
  }
  const items = pages.flatMap((one) => one.items).map(comparable);
  if (new Set(items.map((item) => item.id)).size !== items.length) throw inconsistent('hold an id twice');
  return { totalText, overallStatus, overallStatusText, items };
}

/**
 * A group as it was at one moment. One page is a moment; of several pages that differ from what is known, two passes that
 * give the same are (a double collect is a true snapshot), so an unchanged group pays for one pass alone.
 * @param known the content hash of what is served, if anything is.
 * @throws UpstreamError; INCONSISTENT where the group didn't hold still.
 */
export async function collect(
  anycheck: AnyCheck,
  resultId: string,
  known: string | undefined,
  { signal, now }: { signal: AbortSignal; now: () => number },
): Promise<Collected> {
  let before: string | undefined;
  let fault: UpstreamError | undefined;
  for (let attempt = 0; attempt < MAX_COLLECTS; attempt++) {
    const at = now();
    try {
      const group = await collectOnce(anycheck, resultId, signal);
      const content = contentHash(group);
      if (group.items.length <= PAGE_SIZE || content === known || content === before) {
        return { group, content, bytes: bytesHash(group), at };
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
}
