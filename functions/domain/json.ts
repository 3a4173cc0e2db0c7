/**
 * Slicing JSON source text without losing anything that `JSON.parse` loses: digits past 2^53, trailing zeros, the order of
 * integer-like keys, doubled keys. Every function here takes text that `JSON.parse` has already accepted.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const isSpace = (code: number) => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipSpace(text: string, at: number): number {
  let i = at;
  while (isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** The index just past the string whose opening quote stands at `at`. */
function stringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); ; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
}

/** The index just past the value that begins at `at`. */
function valueEnd(text: string, at: number): number {
  let i = at;
  let depth = 0;
  for (;;) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
      i++;
      continue;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      depth--;
      i++;
    } else if (depth === 0) {
      while (i < text.length && !endsScalar(text.charCodeAt(i))) i++;
    } else {
      i++;
      continue;
    }
    if (depth === 0) return i;
  }
}

const endsScalar = (code: number) => code === COMMA || code === CLOSE_BRACE || code === CLOSE_BRACKET || isSpace(code);

export interface Member {
  /** The decoded key. */
  readonly key: string;
  /** The key as it stands, quotes included. */
  readonly keyText: string;
  readonly value: string;
}

/** The members of an object's text, in their order, doubled keys included. */
export function members(object: string): Member[] {
  const found: Member[] = [];
  let i = skipSpace(object, skipSpace(object, 0) + 1);
  while (object.charCodeAt(i) === QUOTE) {
    const keyEnd = stringEnd(object, i);
    const keyText = object.slice(i, keyEnd);
    const start = skipSpace(object, skipSpace(object, keyEnd) + 1);
    const end = valueEnd(object, start);
    found.push({ key: decodeString(keyText), keyText, value: object.slice(start, end) });
    i = skipSpace(object, end);
    if (object.charCodeAt(i) === COMMA) i = skipSpace(object, i + 1);
  }
  return found;
}

/** The elements of an array's text, in their order. */
export function elements(array: string): string[] {
  const found: string[] = [];
  let i = skipSpace(array, skipSpace(array, 0) + 1);
  while (array.charCodeAt(i) !== CLOSE_BRACKET) {
    const end = valueEnd(array, i);
    found.push(array.slice(i, end));
    i = skipSpace(array, end);
    if (array.charCodeAt(i) === COMMA) i = skipSpace(array, i + 1);
  }
  return found;
}

/** The string that a JSON string's text stands for. */
export function decodeString(text: string): string {
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

/** The same text without the white space between its tokens, so that it holds no line break. */
export function compact(text: string): string {
  let out = '';
  let from = 0;
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) i = stringEnd(text, i);
    else if (isSpace(code)) {
      out += text.slice(from, i);
      i = skipSpace(text, i);
      from = i;
    } else i++;
  }
  return from === 0 ? text : out + text.slice(from);
}

/**
 * A text that is the same for two values exactly when the values are: keys sorted (an object has no order), strings in one
 * spelling, numbers digit by digit as they stand. Strings below a key that `isVolatile` names are put through `settle` first.
 */
export function canonical(
  text: string,
  isVolatile: (key: string) => boolean,
  settle: (value: string) => string,
): string {
  const write = (value: string, volatile: boolean): string => {
    const first = value.charCodeAt(0);
    if (first === QUOTE) return JSON.stringify(volatile ? settle(decodeString(value)) : decodeString(value));
    if (first === OPEN_BRACKET)
      return `[${elements(value)
        .map((one) => write(one, volatile))
        .join()}]`;
    if (first !== OPEN_BRACE) return value;
    const sorted = members(value).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    return `{${sorted.map(({ key, value: one }) => `${JSON.stringify(key)}:${write(one, volatile || isVolatile(key))}`).join()}}`;
  };
  return write(text.trim(), false);
}
