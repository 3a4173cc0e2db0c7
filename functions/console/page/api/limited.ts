/** Returns a function that runs tasks, at most `max` at once, in the order of their arrival. */
export function limited(max: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running < max) running++;
    else await new Promise<void>((start) => waiting.push(start));
    try {
      return await task();
    } finally {
      // A task that ends hands its place to the next one, so that no later task can overtake it.
      const start = waiting.shift();
      if (start) start();
      else running--;
    }
  };
}
