import type { Digest } from './change.ts';
import type { Item } from './group.ts';

/**
 * Returns the items of a new version in the order in which they are stored. Where AnyCheck lists the unchanged items in
 * the stored order, that is its own order. Where it does not, its list has no stable order: every known item keeps its
 * place, and a new one follows the known item that AnyCheck lists before it.
 * @param stored the items of the version before, in order.
 */
export function inStoredOrder(items: readonly Item[], stored: readonly Digest[]): readonly Item[] {
  const hashes = new Map(stored.map(({ id, hash }) => [id, hash]));
  const byId = new Map(items.map((item) => [item.id, item]));
  const listed = items.filter(({ id, hash }) => hashes.get(id) === hash);
  const unchanged = stored.filter(({ id, hash }) => byId.get(id)?.hash === hash);
  // A list that names an id twice is stored as it is.
  if (byId.size < items.length || listed.every(({ id }, i) => id === unchanged[i]?.id)) return items;

  const first: Item[] = [];
  const newBehind = new Map<string, Item[]>();
  let run = first;
  for (const item of items) {
    if (hashes.has(item.id)) {
      run = [];
      newBehind.set(item.id, run);
    } else run.push(item);
  }
  return [...first, ...stored.flatMap(({ id }) => [...known(byId.get(id)), ...(newBehind.get(id) ?? [])])];
}

const known = (item: Item | undefined) => (item ? [item] : []);
