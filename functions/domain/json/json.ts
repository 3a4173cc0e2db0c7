import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COMMA, OPEN_BRACE, QUOTE } from './characters.ts';

/**
 * These functions slice JSON source text. They preserve what `JSON.parse` loses: digits past 2^53,
 * trailing zeros, the order of integer-like keys, and duplicate keys. Every function here takes text
 * that `JSON.parse` has already accepted.
 */

/** The deepest nesting of a value, in levels. A verification has a dozen. */
const MAX_DEPTH = 500;
/** Pieces of a text that are collected before they are joined. Each piece is an object on the heap. */
const MAX_PIECES = 4096;

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const endsScalar = (code: number) => code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code);

/** Returns the index of the first character from `at` on that is not white space. */
export function skipSpace(text: string, at: number): number {
  let i = at;
  while (isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Returns the index just past the string whose opening quote is at `at`. */
export function stringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); ; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
}

/** Returns the index just past the number or literal that begins at `at`. */
function scalarEnd(text: string, at: number): number {
  let i = at;
  while (i < text.length && !endsScalar(text.charCodeAt(i))) i++;
  return i;
}

// A bracket and a brace differ in one bit. One comparison instead of two matters here: it runs for every character.
const opens = (code: number) => (code | 0x20) === OPEN_BRACE;
const closes = (code: number) => (code | 0x20) === CLOSE_BRACE;

/** Returns the index just past the value that begins at `at`. */
export function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at);
  if (first === QUOTE) return stringEnd(text, at);
  if (!opens(first)) return scalarEnd(text, at);
  let i = at;
  let depth = 0;
  do {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i);
    else {
      if (opens(code)) depth++;
      else if (closes(code)) depth--;
      i++;
    }
  } while (depth > 0);
  return i;
}

/**
 * Visits the members of the object at `at` in their order, including duplicate keys.
 * @param visit receives a key's text with its quotes and the index of its value, and returns the
 * index just past the value.
 * @returns the index just past the object.
 */
export function eachMember(text: string, at: number, visit: (keyText: string, valueAt: number) => number): number {
  let i = skipSpace(text, at + 1);
  while (text.charCodeAt(i) === QUOTE) {
    const keyEnd = stringEnd(text, i);
    const end = visit(text.slice(i, keyEnd), skipSpace(text, skipSpace(text, keyEnd) + 1));
    i = skipSpace(text, end);
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return i + 1;
}

/**
 * Visits the elements of the array at `at`. `visit` returns the index just past the value.
 * @returns the index just past the array.
 */
export function eachElement(text: string, at: number, visit: (valueAt: number) => number): number {
  let i = skipSpace(text, at + 1);
  while (text.charCodeAt(i) !== CLOSE_BRACKET) {
    i = skipSpace(text, visit(i));
    if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
  }
  return i + 1;
}

export interface Member {
  /** The decoded key. */
  readonly key: string;
  readonly value: string;
}

/** Returns the members of an object's text in their order, including duplicate keys. */
export function members(object: string): Member[] {
  const found: Member[] = [];
  eachMember(object, skipSpace(object, 0), (keyText, at) => {
    const end = valueEnd(object, at);
    found.push({ key: decodeString(keyText), value: object.slice(at, end) });
    return end;
  });
  return found;
}

/** Returns the elements of an array's text in their order. */
export function elements(array: string): string[] {
  const found: string[] = [];
  eachElement(array, skipSpace(array, 0), (at) => {
    const end = valueEnd(array, at);
    found.push(array.slice(at, end));
    return end;
  });
  return found;
}

/** Returns the string that a JSON string's source text represents. */
export function decodeString(text: string): string {
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** Returns a text whose strings have the spelling of JSON.stringify. */
export function inOneSpelling(text: string): string {
  if (!text.includes('\\')) return text;
  let whole = '';
  let from = 0;
  for (let at = text.indexOf('"'); at >= 0; ) {
    const end = stringEnd(text, at);
    const source = text.slice(at, end);
    if (source.includes('\\')) {
      whole += text.slice(from, at) + JSON.stringify(JSON.parse(source));
      from = end;
    }
    at = text.indexOf('"', end);
  }
  return whole + text.slice(from);
}

/** Returns a value's text without the white space between its tokens. The result holds no line break. */
export const compact = (text: string): string => compactAt(text, skipSpace(text, 0)).text;

/**
 * Compacts the value that begins at `at`, and returns the index just past it.
 * @throws RangeError where the value is nested deeper than MAX_DEPTH.
 */
export function compactAt(text: string, at: number): { text: string; end: number } {
  if (!opens(text.charCodeAt(at))) {
    const end = valueEnd(text, at);
    return { text: text.slice(at, end), end };
  }
  let whole = '';
  let pieces: string[] = [];
  let from = at;
  let i = at;
  let depth = 0;
  do {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i);
    else if (code <= 0x20) {
      pieces.push(text.slice(from, i));
      if (pieces.length === MAX_PIECES) {
        whole += pieces.join('');
        pieces = [];
      }
      i = skipSpace(text, i);
      from = i;
    } else {
      if (opens(code)) {
        if (++depth > MAX_DEPTH) throw new RangeError(`JSON is nested deeper than ${MAX_DEPTH} levels`);
      } else if (closes(code)) depth--;
      i++;
    }
  } while (depth > 0);
  return { text: whole + pieces.join('') + text.slice(from, i), end: i };
}
