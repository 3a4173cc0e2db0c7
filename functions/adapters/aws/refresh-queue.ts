import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mapLimit } from '../../domain/map-limit.ts';
import type { Due, RefreshQueue } from '../../domain/refresh/queue.ts';
import { messageOf } from './refresh-message.ts';

/** SendMessageBatch takes as many messages. */
const BATCH = 10;
/** Batches sent at once. */
const PARALLEL = 16;

/** @param timeout ms of one attempt. */
export const sqsClient = (maxAttempts: number, timeout: number): SQSClient =>
  new SQSClient({
    maxAttempts,
    requestHandler: { connectionTimeout: timeout, requestTimeout: timeout, throwOnRequestTimeout: true },
  });

/**
 * The FIFO queue of groups to refresh: one group's messages in order, the same due time once in five minutes.
 * @param request names the request in which groups are queued, for those who look into the logs.
 */
export function refreshQueue(client: SQSClient, url: string, request: () => string | undefined): RefreshQueue {
  async function send(batch: readonly Due[]): Promise<void> {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: batch.map((group, i) => ({
          Id: String(i),
          MessageBody: messageOf({ ...group, request: request() }),
          MessageGroupId: group.resultId,
          MessageDeduplicationId: `${group.resultId}-${group.due}`,
        })),
      }),
    );
    if (Failed.length > 0) {
      throw new Error(`SQS refused ${Failed.length} of ${batch.length} messages: ${Failed[0]?.Code}`);
    }
  }

  return {
    async enqueue(groups) {
      const batches = Array.from({ length: Math.ceil(groups.length / BATCH) }, (_, i) =>
        groups.slice(i * BATCH, (i + 1) * BATCH),
      );
      await mapLimit(batches, PARALLEL, send);
    },
  };
}
