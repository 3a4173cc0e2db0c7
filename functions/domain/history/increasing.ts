/** Something that stood at a place before, by what it counts. */
export interface Placed {
  /** A whole number from 0, each of them once. */
  readonly at: number;
  readonly weight: number;
}

/**
 * Of a sequence, the members that can stay as they are while the others move: the increasing subsequence of the greatest
 * weight. O(n log n), with a tree of maxima of prefixes (Fenwick's) over the places.
 * @returns their indices, in order.
 */
export function heaviestIncreasing(sequence: readonly Placed[]): number[] {
  const places = sequence.reduce((most, { at }) => Math.max(most, at + 1), 0);
  /** The weight of the best chain that ends with each member, and the member before it there; -1: none. */
  const weights = new Float64Array(sequence.length);
  const before = new Int32Array(sequence.length);
  const tree = new Int32Array(places + 1).fill(-1);
  const weightOf = (index: number) => weights[index] ?? 0;
  const heavier = (one: number, other: number) => (weightOf(other) > weightOf(one) ? other : one);
  let best = -1;
  sequence.forEach(({ at, weight }, i) => {
    let last = -1;
    for (let k = at; k > 0; k -= k & -k) last = heavier(last, tree[k] ?? -1);
    before[i] = last;
    weights[i] = weight + weightOf(last);
    for (let k = at + 1; k <= places; k += k & -k) tree[k] = heavier(tree[k] ?? -1, i);
    best = heavier(best, i);
  });
  const chain: number[] = [];
  for (let i = best; i >= 0; i = before[i] ?? -1) chain.push(i);
  return chain.reverse();
}
