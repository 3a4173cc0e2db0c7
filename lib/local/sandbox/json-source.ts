/**
 * Takes valid JSON apart as source text, so that every digit, every key (integer-like ones too) and their order survive;
 * `JSON.parse` would round numbers past 2^53 and move integer-like keys to the front. None of these functions validates:
 * hand them text that `JSON.parse` has accepted.
 */
export type Members = (readonly [key: string, source: string])[];

const QUOTE = 0x22;
const OPENING = new Set([0x7b, 0x5b]);
const CLOSING = new Set([0x7d, 0x5d]);

/** The members of an object's source text in their order; none for any other value. */
export function membersOf(source: string): Members {
  const members: Members = [];
  for (const part of partsOf(source, '{')) {
    const keyEnd = stringEnd(part, 0);
    const key: unknown = JSON.parse(part.slice(0, keyEnd));
    members.push([String(key), part.slice(part.indexOf(':', keyEnd) + 1).trim()]);
  }
  return members;
}

/** The elements of an array's source text; none for any other value. */
export function elementsOf(source: string): string[] {
  return partsOf(source, '[');
}

/** The source text of one member, the last where a key is doubled, as `JSON.parse` would have it. */
function memberOf(source: string, key: string): string | undefined {
  return membersOf(source).findLast(([name]) => name === key)?.[1];
}

/** The value of a member that is a string, else undefined. */
export function stringMemberOf(source: string, key: string): string | undefined {
  const value: unknown = JSON.parse(memberOf(source, key) ?? 'null');
  return typeof value === 'string' ? value : undefined;
}

/** An object's source text from its members. */
export function objectSource(members: Members): string {
  return `{${members.map(([key, source]) => `${JSON.stringify(key)}:${source}`).join(',')}}`;
}

/** The same object with one member replaced in its place, or added at the end. */
export function withMember(source: string, key: string, value: string): string {
  const members = membersOf(source);
  const replaced: Members = members.map((member) => (member[0] === key ? [key, value] : member));
  return objectSource(members.some(([name]) => name === key) ? replaced : [...members, [key, value]]);
}

/** The same object without one member. */
export function withoutMember(source: string, key: string): string {
  return objectSource(membersOf(source).filter(([name]) => name !== key));
}

function partsOf(source: string, opening: '{' | '['): string[] {
  const text = source.trim();
  if (!text.startsWith(opening)) return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at) - 1;
    else if (OPENING.has(code)) depth++;
    else if (CLOSING.has(code)) depth--;
    if (depth === 0 || (depth === 1 && code === 0x2c)) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  return parts.filter((part) => part !== '');
}

/** Where the string that begins at `start` is over; a quote ends it unless an odd number of backslashes stands before. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  for (;;) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
}
