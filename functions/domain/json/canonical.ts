import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './characters.ts';
import { memberOrder } from './member-order.ts';

/** Outside of strings, every byte up to this one is white space. */
const SPACE = 0x20;

/** Strings of which only a part is compared. */
export interface Settling {
  /** The end of a key in ASCII: strings in that key's value are settled. */
  readonly suffix: string;
  /** Returns the part of a string that is compared. It must not be longer than the string. */
  readonly settle: (value: string) => string;
}

/**
 * Returns the canonical UTF-8 bytes of a JSON value: equal bytes mean equal values. Keys are sorted, because an object
 * has no order. Every string has one spelling. Numbers keep their digits.
 * @param text JSON that `JSON.parse` has accepted. It may be megabytes: one loop reads it byte by
 * byte, at any nesting depth.
 */
export function canonical(text: string, { suffix, settle }: Settling): Uint8Array {
  const source = Buffer.from(text);
  // The output is never longer than the input: JSON.stringify writes no string longer than another spelling of it.
  const out = Buffer.allocUnsafe(source.length);
  const members = memberOrder(out);
  const ending = Buffer.from(`${suffix}"`);
  let depth = 0;
  // The depth of the object whose current key has the suffix; 0 where no strings are settled.
  let settlesAt = 0;
  let o = 0;
  for (let i = 0; i < source.length; ) {
    const code = source[i] ?? 0;
    if (code === QUOTE) {
      const from = i++;
      const start = o;
      out[o++] = QUOTE;
      let escaped = false;
      for (let inner = source[i] ?? QUOTE; inner !== QUOTE; inner = source[i] ?? QUOTE) {
        if (inner === BACKSLASH) {
          escaped = true;
          i++;
        }
        i++;
        out[o++] = inner;
      }
      i++;
      out[o++] = QUOTE;
      let next = i;
      while ((source[next] ?? COLON) <= SPACE) next++;
      const isKey = source[next] === COLON;
      const settles = settlesAt > 0 && !isKey;
      if (escaped || settles) {
        const value = escaped
          ? String(JSON.parse(source.toString('utf8', from, i)))
          : source.toString('utf8', from + 1, i - 1);
        const compared = settles ? settle(value) : value;
        if (escaped || compared !== value) o = start + out.write(JSON.stringify(compared), start);
      }
      if (isKey) {
        members.key(start, o);
        if (settlesAt === 0 || settlesAt === depth) settlesAt = endsWith(out, start, o, ending) ? depth : 0;
      }
      continue;
    }
    i++;
    if (code <= SPACE) continue;
    if (code === OPEN_BRACE) {
      depth++;
      members.open();
    } else if (code === OPEN_BRACKET) depth++;
    else if (code === CLOSE_BRACKET) depth--;
    else if (code === CLOSE_BRACE) {
      members.close(o);
      if (settlesAt === depth) settlesAt = 0;
      depth--;
    }
    out[o++] = code;
  }
  return out.subarray(0, o);
}

function endsWith(bytes: Uint8Array, start: number, end: number, ending: Uint8Array): boolean {
  const from = end - ending.length;
  if (from <= start) return false;
  for (let k = ending.length - 1; k >= 0; k--) if (bytes[from + k] !== ending[k]) return false;
  return true;
}
