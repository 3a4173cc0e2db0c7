import { describe, expect, it } from 'vitest';
import { limited } from '../../../../../../functions/console/page/api/limited.ts';

/** A task that ends when the test says so. */
function openTask() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { run: () => promise, end: resolve, fail: reject };
}

describe('the limiter of calls', () => {
  it('runs at most its maximum at once, and begins the others in their order', async () => {
    const run = limited(2);
    const tasks = Array.from({ length: 4 }, openTask);
    const begun: number[] = [];
    const results = tasks.map((task, i) =>
      run(() => {
        begun.push(i);
        return task.run();
      }),
    );
    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    tasks[1]?.end('one');
    await results[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const [i, task] of tasks.entries()) task.end(String(i));
    expect(await Promise.all(results)).toEqual(['0', 'one', '2', '3']);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('begins the next task after one that fails', async () => {
    const run = limited(1);
    const failing = run(async () => {
      throw new Error('no answer');
    });
    const next = run(async () => 'answer');
    await expect(failing).rejects.toThrow('no answer');
    expect(await next).toBe('answer');
  });

  it('has its whole maximum free after all tasks have ended', async () => {
    const run = limited(3);
    await Promise.all(Array.from({ length: 10 }, () => run(async () => undefined)));
    const tasks = Array.from({ length: 3 }, openTask);
    let begun = 0;
    const results = tasks.map((task) =>
      run(() => {
        begun++;
        return task.run();
      }),
    );
    await Promise.resolve();
    expect(begun).toBe(3);
    for (const task of tasks) task.end('');
    await Promise.all(results);
  });
});
