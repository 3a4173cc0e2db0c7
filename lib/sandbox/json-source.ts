import { elements, members } from '../../functions/domain/json/json.ts';

/**
 * These functions split valid JSON into source text, so that every digit, every key and the order of keys survive.
 * `JSON.parse` would round numbers past 2^53 and move integer-like keys to the front. The functions do not validate:
 * pass only text that `JSON.parse` has accepted.
 */
export type Members = (readonly [key: string, source: string])[];

/** The members of an object's source text, in order; empty for any other value. */
export function membersOf(source: string): Members {
  const text = source.trim();
  return text.startsWith('{') ? members(text).map(({ key, value }) => [key, value]) : [];
}

/** The elements of an array's source text; empty for any other value. */
export function elementsOf(source: string): string[] {
  const text = source.trim();
  return text.startsWith('[') ? elements(text) : [];
}

/** The source text of one member. Of a repeated key it is the last, as with `JSON.parse`. */
export function memberOf(source: string, key: string): string | undefined {
  return membersOf(source).findLast(([name]) => name === key)?.[1];
}

/** The value of a member that is a string, else undefined. */
export function stringMemberOf(source: string, key: string): string | undefined {
  const value: unknown = JSON.parse(memberOf(source, key) ?? 'null');
  return typeof value === 'string' ? value : undefined;
}

/** An object's source text from its members. */
export function objectSource(all: Members): string {
  return `{${all.map(([key, source]) => `${JSON.stringify(key)}:${source}`).join(',')}}`;
}

/** The same object with one member replaced in its place, or added at the end. */
export function withMember(source: string, key: string, value: string): string {
  const all = membersOf(source);
  const replaced: Members = all.map((member) => (member[0] === key ? [key, value] : member));
  return objectSource(all.some(([name]) => name === key) ? replaced : [...all, [key, value]]);
}

/** The same object without one member. */
export function withoutMember(source: string, key: string): string {
  return objectSource(membersOf(source).filter(([name]) => name !== key));
}
