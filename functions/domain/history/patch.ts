import { createPatch } from 'rfc6902';
import { decodeString, elements, members } from '../json/json.ts';
import { arraySteps } from './array-steps.ts';

/** Levels that a patch goes down: what is nested deeper is replaced. Each level reads what is below it once. */
const MAX_LEVELS = 32;
/** Characters by which the patch of a value may be longer than the value. */
const FREE_LENGTH = 16 * 1024;
/** Steps that a patch takes through an array, some 20 µs each; one that needs more is replaced. */
const MAX_STEPS = 10_000;

const opening = (op: string, path: string) => `{"op":"${op}","path":${JSON.stringify(path)}`;
const add = (path: string, text: string) => `${opening('add', path)},"value":${text}}`;
const replace = (path: string, text: string) => `${opening('replace', path)},"value":${text}}`;
const remove = (path: string) => `${opening('remove', path)}}`;

/**
 * The text of an RFC 6902 patch that makes the one value of the other exactly: numbers digit by digit as they stand, of a
 * doubled key the last. `[]` where they differ in nothing but the order of keys or the spelling of strings.
 *
 * The library compares one level at a time, and is given source texts for values: to it they are strings that it doesn't look
 * into, so that no digit passes through a JavaScript number.
 * @param from and to: compact source texts, of megabytes too.
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

/** By key, of a doubled one the last. (`fromEntries` takes `__proto__` for a key like any other.) */
const table = (object: string) => Object.fromEntries(members(object).map(({ key, value }) => [key, value]));

function memberOperations(from: string, to: string, path: string, level: number): string[] {
  const below: string[][] = [];
  const here = createPatch(table(from), table(to), (one, other, at) => {
    // The tables themselves are left to the library, the members that both have are not.
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
