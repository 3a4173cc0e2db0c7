import { lazy } from '../../domain/lazy.ts';
import type { RefreshQueue } from '../../domain/refresh/queue.ts';

/**
 * The refresh queue. It loads the SQS client only when there is a message to send.
 * @param timeoutMs ms of one attempt. @param request returns the id of the request that queues the groups.
 */
export function queueOnDemand(
  maxAttempts: number,
  timeoutMs: number,
  url: string,
  request: () => string | undefined,
): RefreshQueue {
  const queue = lazy(async () => {
    const { refreshQueue, sqsClient } = await import('./refresh-queue.ts');
    return refreshQueue(sqsClient(maxAttempts, timeoutMs), url, request);
  });
  return {
    async enqueue(groups) {
      if (groups.length > 0) await (await queue()).enqueue(groups);
    },
  };
}
