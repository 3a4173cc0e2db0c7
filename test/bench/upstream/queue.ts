import type { Due, RefreshQueue } from '../../../functions/domain/refresh/queue.ts';
import type { VirtualClock } from './clock.ts';

/** ms for which SQS remembers a message by its deduplication id, and that one is on its way to a worker. */
const REMEMBERED = 300_000;
const ON_ITS_WAY = 50;

export interface MemoryQueue extends RefreshQueue {
  /** Messages that were sent; of them, taken in; and of those, the same group's with the same due time as one before. */
  readonly sent: number;
  readonly accepted: number;
  readonly doubled: number;
  /** Messages that waited at once, at most. */
  readonly deepest: number;
}

export interface QueueOptions {
  readonly clock: VirtualClock;
  /** Messages that are worked on at once, one of a group. */
  readonly workers: number;
  readonly work: (message: Due) => Promise<unknown>;
}

/** The FIFO queue and its workers, with SQS's deduplication. */
export function memoryQueue({ clock, workers, work }: QueueOptions): MemoryQueue {
  const remembered = new Map<string, number>();
  const ever = new Set<string>();
  const busy = new Set<string>();
  let waiting: Due[] = [];
  let sent = 0;
  let accepted = 0;
  let doubled = 0;
  let deepest = 0;

  function isNew({ resultId, due }: Due): boolean {
    const now = clock.now();
    for (const [key, at] of remembered) {
      if (at > now - REMEMBERED) break;
      remembered.delete(key);
    }
    const key = `${resultId}-${due}`;
    if (remembered.has(key)) return false;
    remembered.set(key, now);
    if (ever.has(key)) doubled++;
    ever.add(key);
    return true;
  }

  async function take(message: Due): Promise<void> {
    busy.add(message.resultId);
    await work(message);
    busy.delete(message.resultId);
    clock.at(clock.now(), pump);
  }

  function pump(): Promise<unknown> {
    const taken: Due[] = [];
    while (busy.size < workers) {
      const at = waiting.findIndex(({ resultId }) => !busy.has(resultId));
      const [message] = at < 0 ? [] : waiting.splice(at, 1);
      if (!message) break;
      busy.add(message.resultId);
      taken.push(message);
    }
    return Promise.all(taken.map(take));
  }

  return {
    get sent() {
      return sent;
    },
    get accepted() {
      return accepted;
    },
    get doubled() {
      return doubled;
    },
    get deepest() {
      return deepest;
    },
    async enqueue(groups) {
      sent += groups.length;
      const taken = groups.filter(isNew);
      accepted += taken.length;
      if (taken.length === 0) return;
      clock.at(clock.now() + ON_ITS_WAY, () => {
        waiting = [...waiting, ...taken];
        deepest = Math.max(deepest, waiting.length);
        return pump();
      });
    },
  };
}

/** The delay queue: a message goes on to the FIFO queue at its due time, in whole seconds. */
export const memoryDelayQueue = (clock: VirtualClock, queue: RefreshQueue): RefreshQueue => ({
  async enqueue(groups) {
    for (const group of groups) {
      const delay = 1_000 * Math.ceil((group.due - clock.now()) / 1_000);
      clock.at(clock.now() + delay + ON_ITS_WAY, () => queue.enqueue([group]));
    }
  },
});

/** Nothing fails here that queues a group. */
export const onQueueFault = (_: string, fault: unknown): never => {
  throw fault;
};
