import { lazy } from '../../domain/lazy.ts';
import type { RefreshQueue } from '../../domain/refresh/queue.ts';

/**
 * A queue whose client loads only when there is a message to send.
 * @param open creates the queue with the functions of the adapter.
 */
export function queueOnDemand(open: (adapter: typeof import('./refresh-queue.ts')) => RefreshQueue): RefreshQueue {
  const queue = lazy(async () => open(await import('./refresh-queue.ts')));
  return {
    async enqueue(groups) {
      if (groups.length > 0) await (await queue()).enqueue(groups);
    },
  };
}
