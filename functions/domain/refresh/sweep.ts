import type { DueIndex, RefreshQueue } from './queue.ts';

/**
 * The queue holds at most as many refreshes as AnyCheck's budget allows in these seconds. So a message waits well below
 * the five minutes in which SQS deduplicates.
 */
export const SWEEP_AHEAD_SECONDS = 120;

export interface SweepDeps {
  readonly index: DueIndex;
  readonly queue: RefreshQueue;
  readonly now: () => number;
}

export interface Swept {
  /** How many due groups were queued, up to the limit and as far as the time allowed. */
  readonly queued: number;
  /** Seconds since the oldest due group was due; 0 where no group was due. */
  readonly oldestDueSeconds: number;
}

/** Groups that are queued between two checks of the clock, which takes a few hundred ms. */
const CHUNK_GROUPS = 1_000;

/**
 * Queues the due groups, oldest first. A group stays due until it is refreshed, so every sweep queues the same oldest
 * groups again, and the queue deduplicates them. Two sweeps at the same time queue nothing twice. The next sweep makes
 * up for one that was cut short.
 * @param limit how many groups AnyCheck's budget lets the workers refresh well within the queue's deduplication window.
 * @param until ms since the epoch. After that, the sweep begins no further chunk; the first chunk is always queued.
 */
export async function sweep(
  { index, queue, now }: SweepDeps,
  limit: number,
  until = Number.POSITIVE_INFINITY,
): Promise<Swept> {
  const at = now();
  const due = await index.due(at, limit);
  // Cleaning and announcing need no call to AnyCheck, so the limit does not apply to them.
  await queue.enqueue(await index.withoutCalls(at, CHUNK_GROUPS));
  let queued = 0;
  while (queued < due.length && (queued === 0 || now() < until)) {
    const chunk = due.slice(queued, queued + CHUNK_GROUPS);
    await queue.enqueue(chunk);
    queued += chunk.length;
  }
  return { queued, oldestDueSeconds: Math.max(0, Math.round((at - (due[0]?.due ?? at)) / 1000)) };
}
