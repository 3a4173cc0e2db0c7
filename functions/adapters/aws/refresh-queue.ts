import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { mapLimit } from '../../domain/map-limit.ts';
import type { Due, RefreshQueue } from '../../domain/refresh/queue.ts';
import { messageOf } from './refresh-message.ts';

/** The limit of one SendMessageBatch request. */
const MAX_BATCH = 10;
/** Batches that are sent in parallel. */
const PARALLEL = 16;
/** The longest delay of a message. */
const MAX_DELAY_SECONDS = 900;

/** @param timeoutMs ms of one attempt. */
export const sqsClient = (maxAttempts: number, timeoutMs: number): SQSClient =>
  new SQSClient({
    maxAttempts,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });

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
  more: (group: Due) => Partial<SendMessageBatchRequestEntry>,
): RefreshQueue {
  async function send(batch: readonly Due[]): Promise<void> {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: batch.map((group, i) => ({
          Id: String(i),
          MessageBody: messageOf({ ...group, request: request() }),
          ...more(group),
        })),
      }),
    );
    if (Failed.length > 0) {
      throw new Error(`SQS rejected ${Failed.length} of ${batch.length} messages: ${Failed[0]?.Code}`);
    }
  }

  return {
    async enqueue(groups) {
      const batches = Array.from({ length: Math.ceil(groups.length / MAX_BATCH) }, (_, i) =>
        groups.slice(i * MAX_BATCH, (i + 1) * MAX_BATCH),
      );
      await mapLimit(batches, PARALLEL, send);
    },
  };
}
