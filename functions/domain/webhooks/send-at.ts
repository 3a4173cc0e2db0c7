import type { DeliverMessage, DeliverQueue } from './ports.ts';
import { MAX_MESSAGE_DELAY_MS } from './retry.ts';

/** Queues a message so that it arrives when it is due. A message that cannot wait so long is left to the sweep. */
export async function sendAt(queue: DeliverQueue, message: DeliverMessage, now: number): Promise<void> {
  const delayMs = Math.max(0, message.due - now);
  if (delayMs <= MAX_MESSAGE_DELAY_MS) await queue.send([message], delayMs);
}
