import { lazy } from '../../domain/lazy.ts';
import type { RefreshQueue } from '../../domain/refresh/queue.ts';

/**
 * The queue of groups to refresh, SQS's client loaded when there is something to send.
 * @param timeout ms of one attempt. @param request names the request in which groups are queued.
 */
export function queueOnDemand(
  maxAttempts: number,
  timeout: number,
  url: string,
  request: () => string | undefined,
): RefreshQueue {
  const queue = lazy(async () => {
    const { refreshQueue, sqsClient } = await import('./refresh-queue.ts');
    return refreshQueue(sqsClient(maxAttempts, timeout), url, request);
  });
  return {
    async enqueue(groups) {
      if (groups.length > 0) await (await queue()).enqueue(groups);
    },
  };
}
