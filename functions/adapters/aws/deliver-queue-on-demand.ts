import { lazy } from '../../domain/lazy.ts';
import type { DeliverQueue } from '../../domain/webhooks/ports.ts';

/**
 * A queue of deliveries whose client loads only when there is a message to send.
 * @param open creates the queue with the functions of the adapter.
 */
export function deliverQueueOnDemand(
  open: (adapter: typeof import('./deliver-queue.ts')) => DeliverQueue,
): DeliverQueue {
  const queue = lazy(async () => open(await import('./deliver-queue.ts')));
  return {
    async send(messages, delayMs) {
      if (messages.length > 0) await (await queue()).send(messages, delayMs);
    },
  };
}
