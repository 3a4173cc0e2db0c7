/**
 * Runs a function on every item, at most `limit` at once. Each failure ends one of the `limit` parallel workers; the
 * others go on, and after `limit` failures the remaining items are not processed. The function returns or throws only
 * after all running calls have ended, because Lambda freezes work that is still under way.
 * @returns the results in the order of the items.
 * @throws the first failure.
 */
export async function mapLimit<Item, Result>(
  items: readonly Item[],
  limit: number,
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const remaining = items.entries();
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [i, item] of remaining) results[i] = await run(item);
  });
  try {
    await Promise.all(workers);
  } finally {
    await Promise.allSettled(workers);
  }
  return results;
}
