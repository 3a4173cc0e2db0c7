import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { EXAMPLE } from './example.ts';
import { hashOf, type Item } from './group.ts';
import type { Page } from './snapshot.ts';

/**
 * A page ends with an item whose id's hash is the highest among as many on either side. So pages are about alike, twice as many
 * items each, and who is inserted or gone moves no end further away than this.
 */
const REACH = 8;
const MAX_ITEMS = 64;
/** Bytes of content; a larger item stands alone. */
const MAX_SIZE = 64 * 1024;
/** Letters of a page's name: 64 bits tell a group's pages apart. */
const NAME_LENGTH = 11;
/**
 * Zstandard's first level: those above take more time, and for texts that are this much alike mostly more room. The checksum tells
 * where another example was packed with, or the runtime makes something else of it.
 */
const PACKING = {
  dictionary: EXAMPLE,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** Newline-separated source texts (compact JSON holds no line break), so that a slice is served without being parsed. */
export const pack = (texts: readonly string[]): Buffer => zstdCompressSync(texts.join('\n'), PACKING);
const packItems = (items: readonly Item[]) => pack(items.map((item) => item.text));

export function unpack(packed: Uint8Array): string[] {
  const text = unpacked(packed).toString();
  return text === '' ? [] : text.split('\n');
}

// With room for all of it, and for one byte more, it is unpacked in one go.
const unpacked = (packed: Uint8Array) =>
  zstdDecompressSync(packed, { dictionary: EXAMPLE, chunkSize: Math.max(64, sizeIn(packed) + 1) });

/** What of packed pages' items is meant: how many of the first page's come before it, and how many there are at most. */
export interface Slice {
  readonly packed: readonly Uint8Array[];
  readonly skip: number;
  readonly size: number;
}

export const textsIn = ({ packed, skip, size }: Slice): string[] => packed.flatMap(unpack).slice(skip, skip + size);

/** The same with a comma between one and the next, in UTF-8: an answer's items, none of which is looked at. */
export function joinedIn({ packed, skip, size }: Slice): Buffer {
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
  return Buffer.concat(runs);
}

const NEWLINE = 0x0a;
const COMMA = 0x2c;
const SEPARATOR = Uint8Array.of(COMMA);

/** Bytes that a frame of zstd says it unpacks to; 0 where it doesn't say (RFC 8878, 3.1.1). */
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

/** Whether a page ends with an item, for each. */
function endsOf(items: readonly Item[]): boolean[] {
  const draws = items.map(({ id }) => createHash('sha256').update(id).digest().readUInt32BE(0));
  return draws.map((draw, i) => {
    const around = draws.slice(Math.max(0, i - REACH), i + REACH + 1);
    return Math.max(...around) === draw;
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

/** A page that is not stored yet. */
export interface NewPage extends Page {
  readonly packed: Uint8Array;
}

/** What the store has room for, in packed bytes. */
export interface Room {
  /** A group's items up to this stand in the current record itself, read with it in one request. */
  readonly inlineBytes: number;
  /** One row takes this much of a page. */
  readonly rowBytes: number;
}

export interface Layout {
  readonly inline: Uint8Array | undefined;
  readonly pages: readonly Page[];
  readonly added: readonly NewPage[];
}

/**
 * Lays a group's items out: in the current row where they are few, else in pages, of which those that stand in `kept` keep
 * their rows.
 * @param kept pages whose stored bytes may be kept: the current snapshot's, or none where every link was renewed.
 */
export function layOut(items: readonly Item[], revision: number, kept: readonly Page[], room: Room): Layout {
  if (items.reduce((size, item) => size + item.size, 0) < room.inlineBytes * 20) {
    const inline = packItems(items);
    if (inline.length <= room.inlineBytes) return { inline, pages: [], added: [] };
  }
  const known = new Map(kept.map((page) => [page.hash, page]));
  const added: NewPage[] = [];
  const pages = paginate(items).map((run): Page => {
    const hash = hashOf(...run.map((item) => item.hash)).slice(0, NAME_LENGTH);
    const before = known.get(hash);
    if (before) return before;
    const packed = packItems(run);
    const page = { introduced: revision, hash, count: run.length, rows: Math.ceil(packed.length / room.rowBytes) };
    added.push({ ...page, packed });
    return page;
  });
  return { inline: undefined, pages, added };
}

/** The pages that hold the items from `offset` on, and how many items of the first of them come before it. */
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
