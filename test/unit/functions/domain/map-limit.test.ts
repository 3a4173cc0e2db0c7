import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapLimit } from '../../../../functions/domain/map-limit.ts';

/** What a run does: ends after some ticks of the event loop, with a failure where it has one. */
interface Task {
  readonly ticks: number;
  readonly fails?: boolean;
}

async function observed(tasks: readonly Task[], limit: number) {
  const seen = { underWay: 0, max: 0, began: 0, failures: [] as unknown[] };
  const run = async (task: Task) => {
    seen.began++;
    seen.underWay++;
    seen.max = Math.max(seen.max, seen.underWay);
    for (let tick = 0; tick < task.ticks; tick++) await setImmediate();
    seen.underWay--;
    if (!task.fails) return task;
    const failure = new Error('failed');
    seen.failures.push(failure);
    throw failure;
  };
  const [end] = await Promise.allSettled([mapLimit(tasks, limit, run)]);
  return { ...seen, end };
}

const Tasks = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 5 }) }), { maxLength: 30 });
const Limit = fc.integer({ min: 1, max: 8 });

describe('mapLimit', () => {
  it('runs every item once and returns the results in the order of the items', async () => {
    const property = fc.asyncProperty(Tasks, Limit, async (tasks, limit) => {
      const { end, began } = await observed(tasks, limit);
      expect(end).toEqual({ status: 'fulfilled', value: tasks });
      expect(began).toBe(tasks.length);
    });
    await fc.assert(property);
  });

  it('runs as many items at once as the limit allows, and never more', async () => {
    const property = fc.asyncProperty(Tasks, Limit, async (tasks, limit) => {
      expect((await observed(tasks, limit)).max).toBe(Math.min(limit, tasks.length));
    });
    await fc.assert(property);
  });

  it('throws the failure that came first, and nothing is under way when it does', async () => {
    const Failing = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 5 }), fails: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    });
    const property = fc.asyncProperty(Failing, Limit, async (tasks, limit) => {
      const { end, underWay, failures } = await observed(tasks, limit);
      expect(underWay).toBe(0);
      if (tasks.every(({ fails }) => !fails)) expect(end).toMatchObject({ status: 'fulfilled' });
      else expect(end).toEqual({ status: 'rejected', reason: failures[0] });
      if (end?.status === 'rejected') expect(end.reason).toBe(failures[0]);
    });
    await fc.assert(property);
  });

  it('runs the other items after a failure', async () => {
    const tasks = [{ ticks: 1, fails: true }, ...Array.from({ length: 20 }, () => ({ ticks: 1 }))];
    expect(await observed(tasks, 2)).toMatchObject({ began: 21, end: { status: 'rejected' } });
  });

  it('begins nothing more after as many failures as the limit', async () => {
    const tasks = Array.from({ length: 20 }, () => ({ ticks: 1, fails: true }));
    expect(await observed(tasks, 3)).toMatchObject({ began: 3, end: { status: 'rejected' } });
  });

  it('takes a function that throws at once for one that fails', async () => {
    const failure = new Error('at once');
    const run = () => {
      throw failure;
    };
    await expect(mapLimit([1, 2, 3], 2, run)).rejects.toBe(failure);
  });
});
