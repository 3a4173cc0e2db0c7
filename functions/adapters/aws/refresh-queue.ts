import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import type { Due, RefreshQueue } from '../../domain/refresh/queue.ts';
import { messageOf } from './refresh-message.ts';
import { MAX_DELAY_SECONDS, sendMessages } from './send-messages.ts';

// Functions that load the queue on demand load its client with it.
export { sqsClient } from './send-messages.ts';

/**
 * The FIFO queue of groups to refresh. SQS delivers the messages of one group in order, and drops a second message with
 * the same due time within five minutes.
 * @param request returns the id of the request that queues the groups; the worker's log lines carry it.
 */
export const refreshQueue = (client: SQSClient, url: string, request: () => string | undefined): RefreshQueue =>
  queueOf(client, url, request, (group) => ({
    MessageGroupId: group.resultId,
    MessageDeduplicationId: `${group.resultId}-${group.due}`,
  }));

/**
 * The standard queue whose messages arrive at their due times, which a FIFO queue cannot do. The worker passes them on
 * to the FIFO queue.
 * @param now ms since the epoch.
 */
export const delayQueue = (
  client: SQSClient,
  url: string,
  request: () => string | undefined,
  now: () => number,
): RefreshQueue =>
  queueOf(client, url, request, ({ due }) => ({
    DelaySeconds: Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil((due - now()) / 1000))),
  }));

function queueOf(
  client: SQSClient,
  url: string,
  request: () => string | undefined,
  more: (group: Due) => Omit<SendMessageBatchRequestEntry, 'Id' | 'MessageBody'>,
): RefreshQueue {
  return {
    enqueue: (groups) =>
      sendMessages(
        client,
        url,
        groups.map((group) => ({ MessageBody: messageOf({ ...group, request: request() }), ...more(group) })),
      ),
  };
}
