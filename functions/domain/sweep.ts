import type { DueIndex, RefreshQueue } from './ports.ts';

export interface SweepDeps {
  readonly index: DueIndex;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

/**
 * Queues the groups that are due, oldest first. A group stays due until it was refreshed, so every sweep names the same
 * oldest ones again and the queue's deduplication makes that harmless: two sweeps at once queue nothing twice, and one that
 * is cut short is made up for by the next.
 * @param limit what AnyCheck's budget lets the workers do well within the queue's deduplication window.
 */
export async function sweep({ index, queue, now }: SweepDeps, limit: number): Promise<{ queued: number; lag: number }> {
  const at = now();
  const due = await index.due(at, limit);
  await queue.enqueue(due);
  return { queued: due.length, lag: Math.max(0, at - (due[0]?.due ?? at)) };
}
