import { verificationIn } from '../group/change.ts';
import { unpack } from '../group/pages.ts';
import { redacted } from '../group/redact.ts';
import type { Page, Snapshot } from '../group/snapshot.ts';
import type { Verification } from '../group/verification.ts';

export interface PageReader {
  /** The packed bytes of pages of either snapshot, in order. */
  readonly load: (pages: readonly Page[]) => Promise<Uint8Array[]>;
  /** Whether what is stored has to be redacted before anyone sees it. */
  readonly isRedacted: boolean;
}

/** What stays or moves as a whole between two snapshots: an item, or a page that both have. */
export interface Part {
  /** The same in both. */
  readonly key: string;
  /** How many items come before it. */
  readonly start: number;
  readonly count: number;
  /** The item alone. */
  readonly items?: readonly [Verification];
  readonly page?: Page;
}

/** Pages are read as many at once. */
const PARALLEL = 8;

/**
 * The parts of a snapshot. Pages with the same hash hold the same items in the same order, links aside, so that a page which
 * was stored anew for its links counts as one that both have, too.
 * @param others the other snapshot's pages: what both have isn't read.
 */
export async function partsOf(
  { inline, pages }: Pick<Snapshot, 'inline' | 'pages'>,
  others: readonly Page[],
  reading: PageReader,
): Promise<Part[]> {
  if (inline) return itemsIn(inline, reading).map(partOf);
  const shared = new Set(others.map(({ hash }) => hash));
  const own = pages.filter(({ hash }) => !shared.has(hash));
  const read = await readPages(own, reading);
  let end = 0;
  return pages.flatMap((page): Part[] => {
    const start = end;
    end += page.count;
    const { hash, count } = page;
    return read.get(hash)?.map((item, i) => partOf(item, start + i)) ?? [{ key: `page ${hash}`, start, count, page }];
  });
}

const partOf = (item: Verification, start: number): Part => ({
  key: `item ${item.id}`,
  start,
  count: 1,
  items: [item],
});

/** The items of pages, by the pages' hashes. */
export async function readPages(pages: readonly Page[], reading: PageReader): Promise<Map<string, Verification[]>> {
  const found = new Map<string, Verification[]>();
  for (let i = 0; i < pages.length; i += PARALLEL) {
    const some = pages.slice(i, i + PARALLEL);
    for (const [k, packed] of (await reading.load(some)).entries()) {
      found.set(some[k]?.hash ?? '', itemsIn(packed, reading));
    }
  }
  return found;
}

const itemsIn = (packed: Uint8Array, { isRedacted }: PageReader): Verification[] =>
  unpack(packed).map((text) => verificationIn(isRedacted ? redacted(text) : text));
