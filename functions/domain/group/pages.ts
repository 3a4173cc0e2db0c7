import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { COMMA } from '../json/characters.ts';
import { EXAMPLE } from './example.ts';
import type { Item } from './group.ts';
import { hashOf } from './hash.ts';
import type { Page } from './snapshot.ts';

/**
 * A page ends with an item whose id's hash is the highest among this many items on either side. So a page has about
 * twice as many items, and an inserted or removed item moves no page end that is further away than this.
 */
const NEIGHBOURS = 8;
const MAX_ITEMS = 64;
/** Bytes of content of a page. A larger item has a page of its own. */
const MAX_SIZE = 64 * 1024;
/**
 * Bytes of content in one packed byte, usually and at most. Between the two, a sample of the items decides whether all of
 * them are packed for the current record: it may show half of the ratio that all of them reach.
 */
const USUAL_RATIO = 6;
const MAX_RATIO = 20;
/** Items of the sample. */
const SAMPLE = 16;
/** Characters of a page's hash: 64 bits distinguish the pages of a group. */
const NAME_LENGTH = 11;
/**
 * Zstandard's level 1: higher levels take more time and, for texts as similar as these, mostly more space. The checksum
 * detects a row that was packed with another dictionary, and a runtime that unpacks it differently.
 */
const PACKING = {
  dictionary: EXAMPLE,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/**
 * Packs source texts, separated by newlines: compact JSON holds no line break, so a slice
 * can be served without parsing.
 */
export const pack = (texts: readonly string[]): Buffer => zstdCompressSync(lines(texts), PACKING);
const packItems = (items: readonly Item[]) => pack(items.map((item) => item.text));

/** Encodes text by text: one character outside of Latin-1 makes the encoding of a whole long string slow. */
const lines = (texts: readonly string[]): Buffer =>
  Buffer.concat(texts.flatMap((text, i) => (i === 0 ? [Buffer.from(text)] : [LINE_BREAK, Buffer.from(text)])));

export function unpack(packed: Uint8Array): string[] {
  const text = unpacked(packed).toString();
  return text === '' ? [] : text.split('\n');
}

// A chunk of the whole size and one byte more lets zlib unpack in one step.
const unpacked = (packed: Uint8Array) =>
  zstdDecompressSync(packed, { dictionary: EXAMPLE, chunkSize: Math.max(64, sizeIn(packed) + 1) });

/** A slice of the items in packed pages. */
export interface Slice {
  readonly packed: readonly Uint8Array[];
  /** Items of the first page that come before the slice. */
  readonly skip: number;
  /** Items of the slice, at most. */
  readonly size: number;
}

export const itemTexts = ({ packed, skip, size }: Slice): string[] => packed.flatMap(unpack).slice(skip, skip + size);

/**
 * Returns a slice's items in UTF-8 with commas between them, as the answer needs them: one run of bytes after the other.
 * It parses and copies no item.
 */
export function joinedIn({ packed, skip, size }: Slice): Uint8Array[] {
  const runs: Uint8Array[] = [];
  let item = -skip;
  for (const page of packed) {
    const bytes = unpacked(page);
    let start = 0;
    let end = 0;
    for (let at = 0; at < bytes.length && item < size; item++) {
      const next = bytes.indexOf(NEWLINE, at);
      const itemEnd = next < 0 ? bytes.length : next;
      if (item >= 0) {
        if (end === 0) start = at;
        else bytes[end] = COMMA;
        end = itemEnd;
      }
      at = itemEnd + 1;
    }
    if (end > 0) runs.push(...(runs.length > 0 ? [SEPARATOR] : []), bytes.subarray(start, end));
  }
  return runs;
}

const NEWLINE = 0x0a;
const LINE_BREAK = Uint8Array.of(NEWLINE);
const SEPARATOR = Uint8Array.of(COMMA);

/** Returns the unpacked size in bytes that a zstd frame declares; 0 where it declares none (RFC 8878, 3.1.1). */
function sizeIn(frame: Uint8Array): number {
  const descriptor = frame[4] ?? 0;
  const hasWindow = (descriptor & 0x20) === 0;
  const hasDictionary = (descriptor & 0x03) !== 0;
  const [first = 0, second = 0, third = 0, fourth = 0] = frame.subarray(hasWindow ? 6 : 5);
  if (hasDictionary) return 0;
  if (descriptor < 0x40) return hasWindow ? 0 : first;
  if (descriptor < 0x80) return first + (second << 8) + 256;
  return descriptor < 0xc0 ? first + (second << 8) + (third << 16) + fourth * 2 ** 24 : 0;
}

/** Returns for each item whether a page ends with it. */
function endsOf(items: readonly Item[]): boolean[] {
  const draws = items.map(({ id }) => Number.parseInt(hash('sha256', id).slice(0, 8), 16));
  return draws.map((draw, i) => {
    const end = Math.min(draws.length, i + NEIGHBOURS + 1);
    for (let k = Math.max(0, i - NEIGHBOURS); k < end; k++) if ((draws[k] ?? 0) > draw) return false;
    return true;
  });
}

function paginate(items: readonly Item[]): Item[][] {
  const ends = endsOf(items);
  const runs: Item[][] = [];
  let run: Item[] = [];
  let size = 0;
  for (const [i, item] of items.entries()) {
    if (run.length === MAX_ITEMS || (run.length > 0 && size + item.size > MAX_SIZE)) {
      runs.push(run);
      run = [];
      size = 0;
    }
    run.push(item);
    size += item.size;
    if (ends[i]) {
      runs.push(run);
      run = [];
      size = 0;
    }
  }
  return run.length > 0 ? [...runs, run] : runs;
}

/** Divides items into pages. @returns the items of each page, and the hash of their content. */
export const runsOf = (items: readonly Item[]): { readonly hash: string; readonly run: readonly Item[] }[] =>
  paginate(items).map((run) => ({ hash: hashOf(...run.map((item) => item.hash)).slice(0, NAME_LENGTH), run }));

/** A page that is not stored yet. */
export interface NewPage extends Page {
  readonly packed: Uint8Array;
}

/** The store's limits, in packed bytes. */
export interface Room {
  /** Up to this size, a group's items are stored in the current record, so that one request reads both. */
  readonly inlineBytes: number;
  /** Bytes of a page that one row holds. */
  readonly rowBytes: number;
}

export interface Layout {
  readonly inline: Uint8Array | undefined;
  readonly pages: readonly Page[];
  /** The pages that are not stored, and those whose stored row takes the texts with renewed links. */
  readonly added: readonly NewPage[];
  readonly renewed: readonly NewPage[];
}

/**
 * Distributes a group's items: into the current record where they fit, else into pages. A stored page with the same
 * content is used again.
 * @param stored the pages of the current snapshot.
 * @param renews whether every link is renewed. One row is written at once, so a page of one row takes new texts. A page
 * of several rows is added anew: readers could find rows of both texts.
 * @returns the items for the current record, or all pages.
 */
export function layOut(
  items: readonly Item[],
  revision: number,
  stored: readonly Page[],
  room: Room,
  renews = false,
): Layout {
  const inline = inlineIn(items, room);
  if (inline) return { inline, pages: [], added: [], renewed: [] };
  const known = new Map(stored.map((page) => [page.hash, page]));
  const added: NewPage[] = [];
  const renewed: NewPage[] = [];
  const pages = runsOf(items).map(({ hash, run }): Page => {
    const before = known.get(hash);
    if (before && !renews) return before;
    const packed = packItems(run);
    if (before?.rows === 1 && packed.length <= room.rowBytes) {
      renewed.push({ ...before, packed });
      return before;
    }
    const page = { introduced: revision, hash, count: run.length, rows: Math.ceil(packed.length / room.rowBytes) };
    added.push({ ...page, packed });
    return page;
  });
  return { inline: undefined, pages, added, renewed };
}

/** @returns the packed items where they fit into the current record. */
function inlineIn(items: readonly Item[], { inlineBytes }: Room): Uint8Array | undefined {
  const size = sizeOf(items);
  if (size > inlineBytes * MAX_RATIO) return undefined;
  if (size > inlineBytes * USUAL_RATIO) {
    const sample = items.slice(0, SAMPLE);
    if ((packItems(sample).length / sizeOf(sample)) * size > inlineBytes * 2) return undefined;
  }
  const inline = packItems(items);
  return inline.length <= inlineBytes ? inline : undefined;
}

const sizeOf = (items: readonly Item[]) => items.reduce((sum, { size }) => sum + size, 0);

/** Returns the pages with the items from `offset` on, and how many items of the first page to skip. */
export function pagesAt(pages: readonly Page[], offset: number, size: number): { pages: Page[]; skip: number } {
  let start = 0;
  let skip = 0;
  const found: Page[] = [];
  for (const page of pages) {
    const end = start + page.count;
    if (end > offset && start < offset + size) {
      if (found.length === 0) skip = offset - start;
      found.push(page);
    }
    start = end;
  }
  return { pages: found, skip };
}
