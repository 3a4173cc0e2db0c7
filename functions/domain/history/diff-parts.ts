import { verificationIn } from '../group/change.ts';
import { unpack } from '../group/pages.ts';
import { redacted } from '../group/redact.ts';
import type { Page, Snapshot } from '../group/snapshot.ts';
import type { Verification } from '../group/verification.ts';

export interface PageReader {
  /** Returns the packed bytes of pages of either snapshot, in order. */
  readonly load: (pages: readonly Page[]) => Promise<Uint8Array[]>;
  /** Whether the group is redacted: stored content must then be redacted before it is compared or served. */
  readonly isRedacted: boolean;
}

/** A unit that stays or moves as a whole between two snapshots: an item, or a page that both have. */
export interface Part {
  /** The same in both snapshots. */
  readonly key: string;
  /** How many items come before it. */
  readonly start: number;
  readonly count: number;
  /** The single item; undefined for a page. */
  readonly items?: readonly [Verification];
  readonly page?: Page;
}

/** Pages that are read at once. */
const PARALLEL = 8;

/**
 * Returns the parts of a snapshot. Pages with the same hash hold the same items in the same order, except for renewed
 * links. So a page that was stored again for its links counts as shared, too.
 * @param others the other snapshot's pages. Shared pages are not read.
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

/** Reads pages. @returns their items by the hash of the page. */
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
