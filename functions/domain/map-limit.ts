/**
 * Runs a function on every item, at most `limit` at once. After a failure the others go on: `limit` failures end it early.
 * Nothing is under way any more when it returns or throws: Lambda freezes what still is.
 * @returns the results, in the order of the items.
 * @throws the failure that came first.
 */
export async function mapLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [i, item] of rest) results[i] = await run(item);
  });
  try {
    await Promise.all(workers);
  } finally {
    await Promise.allSettled(workers);
  }
  return results;
}
