/** A member of a sequence, with its earlier position and its weight. */
export interface Placed {
  /** Its earlier position: a whole number from 0, unique in the sequence. */
  readonly at: number;
  readonly weight: number;
}

/**
 * Returns the members of a sequence that can stay while the others move: the increasing subsequence of the greatest
 * weight. It runs in O(n log n), with a Fenwick tree of prefix maxima over the positions.
 * @returns the indices of these members, in order.
 */
export function heaviestIncreasing(sequence: readonly Placed[]): number[] {
  const places = sequence.reduce((max, { at }) => Math.max(max, at + 1), 0);
  /** The weight of the heaviest chain that ends with each member, and that member's predecessor in it; -1 for none. */
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
