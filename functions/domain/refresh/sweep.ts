import type { DueIndex, RefreshQueue } from './queue.ts';

/** Seconds of AnyCheck's budget that are queued at most: a message waits well less than the five minutes in which SQS deduplicates. */
export const SWEEP_AHEAD_SECONDS = 120;

export interface SweepDeps {
  readonly index: DueIndex;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

export interface Swept {
  /** The groups that were due and are queued, up to the limit and as far as time allowed. */
  readonly queued: number;
  /** Seconds since the oldest of them was due, 0 where there is none. */
  readonly oldestDueSeconds: number;
}

/** Groups queued between two looks at the clock: some hundred milliseconds' work. */
const CHUNK_GROUPS = 1_000;

/**
 * Queues the groups that are due, oldest first. A group stays due until it was refreshed, so every sweep names the same
 * oldest ones again and the queue's deduplication makes that harmless: two sweeps at once queue nothing twice, and one that
 * is cut short is made up for by the next.
 * @param limit what AnyCheck's budget lets the workers do well within the queue's deduplication window.
 * @param until ms since the epoch: nothing more is begun after it, the first stretch aside.
 */
export async function sweep(
  { index, queue, now }: SweepDeps,
  limit: number,
  until = Number.POSITIVE_INFINITY,
): Promise<Swept> {
  const at = now();
  const due = await index.due(at, limit);
  // What was erased is cleaned whatever AnyCheck lets be asked.
  await queue.enqueue(await index.toClean(at, CHUNK_GROUPS));
  let queued = 0;
  while (queued < due.length && (queued === 0 || now() < until)) {
    const chunk = due.slice(queued, queued + CHUNK_GROUPS);
    await queue.enqueue(chunk);
    queued += chunk.length;
  }
  return { queued, oldestDueSeconds: Math.max(0, Math.round((at - (due[0]?.due ?? at)) / 1000)) };
}
