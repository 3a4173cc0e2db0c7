import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './characters.ts';
import { inOneSpelling } from './json.ts';
import { memberOrder } from './member-order.ts';

/** Outside of strings, every byte up to this one is white space. */
const SPACE = 0x20;

/** Strings of which only a part is compared. */
export interface Settling {
  /** The end of a key in ASCII: strings in that key's value are settled. */
  readonly suffix: string;
  /** Returns a string without the part of it that is not compared. */
  readonly settle: (value: string) => string;
}

/**
 * Returns the canonical UTF-8 bytes of a JSON value: equal bytes mean equal values. Keys are sorted, because an object
 * has no order. Every string has one spelling. Numbers keep their digits.
 * @param text JSON that `JSON.parse` has accepted. It may be megabytes: one loop reads it byte by
 * byte, at any nesting depth.
 */
export function canonical(text: string, { suffix, settle }: Settling): Uint8Array {
  const source = Buffer.from(inOneSpelling(text));
  const members = memberOrder(source);
  let depth = 0;
  // The depth of the object whose current key has the suffix; 0 where no strings are settled.
  let settlesAt = 0;
  for (let i = 0; i < source.length; ) {
    const code = source[i] ?? 0;
    if (code === QUOTE) {
      const from = i++;
      for (let inner = source[i] ?? QUOTE; inner !== QUOTE; inner = source[++i] ?? QUOTE) if (inner === BACKSLASH) i++;
      i++;
      let next = i;
      while ((source[next] ?? COLON) <= SPACE) next++;
      if (source[next] === COLON) {
        members.key(from, i);
        if (settlesAt === 0 || settlesAt === depth) settlesAt = endsWith(source, from + 1, i - 1, suffix) ? depth : 0;
      } else if (settlesAt > 0) {
        const spelling = source.toString('utf8', from + 1, i - 1);
        const rest = settled(spelling, settle);
        if (rest !== spelling) {
          const bytes = Buffer.from(rest);
          let same = 0;
          while (same < bytes.length && bytes[same] === source[from + 1 + same]) same++;
          members.leaveOut(from + 1 + same, i - 1 - (bytes.length - same));
        }
      }
      continue;
    }
    if (code <= SPACE) members.leaveOut(i, i + 1);
    else if (code === OPEN_BRACE) {
      depth++;
      members.open();
    } else if (code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACKET) depth--;
    else if (code === CLOSE_BRACE) {
      members.close(i);
      if (settlesAt === depth) settlesAt = 0;
      depth--;
    }
    i++;
  }
  return members.ordered();
}

/** Returns the spelling of a settled string. */
function settled(spelling: string, settle: Settling['settle']): string {
  if (!spelling.includes('\\')) return settle(spelling);
  return JSON.stringify(settle(String(JSON.parse(`"${spelling}"`)))).slice(1, -1);
}

/** @param suffix ASCII. */
function endsWith(bytes: Uint8Array, start: number, end: number, suffix: string): boolean {
  const from = end - suffix.length;
  if (from < start) return false;
  for (let k = suffix.length - 1; k >= 0; k--) if (bytes[from + k] !== suffix.charCodeAt(k)) return false;
  return true;
}
