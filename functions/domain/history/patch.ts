import { createPatch } from 'rfc6902';
import { decodeString, elements, members } from '../json/json.ts';
import { arraySteps } from './array-steps.ts';

/**
 * The deepest level that a patch addresses. A deeper value is replaced whole. Each level reads all text below it once.
 */
const MAX_LEVELS = 32;
/** Characters by which the patch of a value may exceed the value. A longer patch becomes one `replace`. */
const FREE_LENGTH = 16 * 1024;
/** Steps of a patch within one array, about 20 µs each. An array that needs more steps is replaced whole. */
const MAX_STEPS = 10_000;

const opening = (op: string, path: string) => `{"op":"${op}","path":${JSON.stringify(path)}`;
const add = (path: string, text: string) => `${opening('add', path)},"value":${text}}`;
const replace = (path: string, text: string) => `${opening('replace', path)},"value":${text}}`;
const remove = (path: string) => `${opening('remove', path)}}`;

/**
 * Returns the text of an RFC 6902 patch that turns one value into the other exactly. Numbers keep their
 * digits. The last of duplicate keys counts. The patch is `[]` where the values differ only in the order of
 * keys or the spelling of strings.
 *
 * The library compares one level at a time. It receives source texts as values and treats them as opaque strings, so
 * that no digit passes through a JavaScript number.
 * @param from the compact source text of the earlier value. @param to that of the later one. Both may be megabytes.
 */
export const patchOf = (from: string, to: string): string => `[${operations(from, to, '', 0).join()}]`;

function operations(from: string, to: string, path: string, level: number): string[] {
  if (from === to || isRespelled(from, to)) return [];
  const below = level < MAX_LEVELS ? operationsBelow(from, to, path, level + 1) : undefined;
  const length = below?.reduce((sum, text) => sum + text.length + 1, 0) ?? 0;
  return below && length <= to.length + FREE_LENGTH ? below : [replace(path, to)];
}

const areBoth = (from: string, to: string, first: '"' | '{' | '[') => from.startsWith(first) && to.startsWith(first);
const isRespelled = (from: string, to: string) => areBoth(from, to, '"') && decodeString(from) === decodeString(to);

function operationsBelow(from: string, to: string, path: string, level: number): string[] | undefined {
  if (areBoth(from, to, '{')) return memberOperations(from, to, path, level);
  if (areBoth(from, to, '[')) return elementOperations(from, to, path, level);
  return undefined;
}

/**
 * Returns an object's values by key; the last of duplicate keys counts. `fromEntries` treats
 * `__proto__` like any other key.
 */
const table = (object: string) => Object.fromEntries(members(object).map(({ key, value }) => [key, value]));

function memberOperations(from: string, to: string, path: string, level: number): string[] {
  const below: string[][] = [];
  const here = createPatch(table(from), table(to), (one, other, at) => {
    // The library compares the two tables. It must not compare the texts of members that both have.
    if (typeof one !== 'string') return undefined;
    below.push(operations(one, String(other), path + at.toString(), level));
    return [];
  });
  return [
    ...here.map((step) => (step.op === 'add' ? add(path + step.path, step.value) : remove(path + step.path))),
    ...below.flat(),
  ];
}

function elementOperations(from: string, to: string, path: string, level: number): string[] | undefined {
  return arraySteps(elements(from), elements(to), MAX_STEPS)?.flatMap((step) => {
    const at = `${path}/${step.at}`;
    if (step.op === 'add') return add(at, step.to);
    return step.op === 'remove' ? remove(at) : operations(step.from, step.to, at, level);
  });
}
