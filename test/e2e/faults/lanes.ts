/** Runs a task for each, a few at once. @returns the results in order. */
export async function inLanes<T, R>(all: readonly T[], lanes: number, task: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = all.entries();
  const lane = async () => {
    for (const [i, one] of waiting) results[i] = await task(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
