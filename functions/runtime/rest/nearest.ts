/** Names longer than this are compared to nothing: a caller chooses their length. */
const MAX_LENGTH = 64;

/** The known name to which a typing error leads: at most one edit per three characters away, in either case. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const [closest] = known
    .map((one) => ({ one, edits: edits(name.toLowerCase(), one.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  return closest && closest.edits <= Math.max(1, Math.floor(name.length / 3)) ? closest.one : undefined;
}

/** Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string alignment). */
function edits(from: string, to: string): number {
  const memo = new Map<string, number>();
  const rest = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i} ${j}`;
    const found = memo.get(key);
    if (found !== undefined) return found;
    const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
    const cost = Math.min(
      rest(i - 1, j) + 1,
      rest(i, j - 1) + 1,
      rest(i - 1, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1),
      swapped ? rest(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY,
    );
    memo.set(key, cost);
    return cost;
  };
  return rest(from.length, to.length);
}
