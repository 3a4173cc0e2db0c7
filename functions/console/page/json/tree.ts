import { elements, members, skipSpace } from '../../../domain/json/json.ts';

/** A JSON value that can be changed. Scalars are source texts, so that numbers keep their digits. */
export type Tree = string | Tree[] | Map<string, Tree>;

/** Parses a JSON text. The last of duplicate keys counts. */
export function treeOf(text: string): Tree {
  const first = text[skipSpace(text, 0)];
  if (first === '{') return new Map(members(text).map(({ key, value }) => [key, treeOf(value)]));
  return first === '[' ? elements(text).map(treeOf) : text.trim();
}

/** Returns the JSON text of a value. */
export function textOf(tree: Tree): string {
  if (typeof tree === 'string') return tree;
  if (Array.isArray(tree)) return `[${tree.map(textOf).join()}]`;
  return `{${[...tree].map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`).join()}}`;
}
