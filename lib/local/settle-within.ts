/** Waits for a task, at most `ms` milliseconds. @throws its error. */
export async function settleWithin(task: Promise<unknown>, ms: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([task, promise]);
  } finally {
    clearTimeout(timer);
  }
}
