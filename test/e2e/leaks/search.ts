import { inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';

/** How deep what is packed or encoded is unfolded: base64 of gzip of base64, and so on. */
const DEPTH = 4;
/** Characters from which on something may be a mark's encoding: shorter ones hold none. */
const SHORTEST = 16;

/**
 * Which of the marks a text holds: as they are, or percent-encoded, JSON-escaped, in hex, in base64 of either alphabet, from
 * whichever byte on, and in what any of these holds, gzip, zlib and Zstandard unpacked.
 */
export function marksIn(text: string, marks: readonly string[]): string[] {
  const left = new Set(marks);
  const found: string[] = [];
  const seen = new Set<string>();
  const search = (one: string, depth: number): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const mark of left) {
      if (!one.includes(mark)) continue;
      found.push(mark);
      left.delete(mark);
    }
    if (depth > 0) for (const inner of unfolded(one)) search(inner, depth - 1);
  };
  search(text, DEPTH);
  return found;
}

function* unfolded(text: string): Iterable<string> {
  if (/%[0-9a-f]{2}/i.test(text)) yield latin(percentDecoded(text));
  if (text.includes('\\')) yield unescaped(text);
  for (const [run] of text.matchAll(new RegExp(`(?:[0-9a-f]{2}){${SHORTEST},}`, 'gi'))) {
    for (const from of [0, 1]) yield* unpacked(Buffer.from(run.slice(from), 'hex'));
  }
  for (const [run] of text.matchAll(new RegExp(`[\\w+/-]{${SHORTEST},}`, 'g'))) {
    // What stands in front of it may look like a part of it.
    for (const from of [0, 1, 2, 3]) yield* unpacked(Buffer.from(run.slice(from), 'base64'));
  }
  yield* unpacked(Buffer.from(text, 'latin1'));
}

/** Bytes as text, and what they are the packed form of. */
function* unpacked(bytes: Buffer): Iterable<string> {
  yield latin(bytes);
  for (const [magic, unpack] of PACKED) {
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      try {
        yield latin(unpack(bytes.subarray(at)));
      } catch {
        // It only looked like it.
      }
    }
  }
}

const PACKED: readonly (readonly [Buffer, (bytes: Buffer) => Buffer])[] = [
  // Gzip: a header of ten bytes, where it names no file. (What may stand behind it is no fault here.)
  [Buffer.from([0x1f, 0x8b, 8, 0]), (bytes) => inflateRawSync(bytes.subarray(10))],
  [Buffer.from([0x78, 0x9c]), inflateSync],
  [Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), zstdDecompressSync],
];

/** Marks are ASCII: bytes may stand for their characters, so that none is lost. */
const latin = (bytes: Buffer): string => bytes.toString('latin1');

const percentDecoded = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

const unescaped = (text: string): string =>
  text
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\(["\\/])/g, '$1');
