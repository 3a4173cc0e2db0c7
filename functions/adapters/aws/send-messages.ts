import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import { mapLimit } from '../../domain/map-limit.ts';

/** The limit of one SendMessageBatch request. */
const MAX_BATCH = 10;
/** Batches that are sent in parallel. */
const PARALLEL = 16;
/** The longest delay of a message. */
export const MAX_DELAY_SECONDS = 900;

/** @param timeoutMs ms of one attempt. */
export const sqsClient = (maxAttempts: number, timeoutMs: number): SQSClient =>
  new SQSClient({
    maxAttempts,
    requestHandler: { connectionTimeout: timeoutMs, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });

/**
 * Sends messages in batches.
 * @throws an Error where SQS did not accept all of them.
 */
export async function sendMessages(
  client: SQSClient,
  url: string,
  messages: readonly Omit<SendMessageBatchRequestEntry, 'Id'>[],
): Promise<void> {
  const batches = Array.from({ length: Math.ceil(messages.length / MAX_BATCH) }, (_, i) =>
    messages.slice(i * MAX_BATCH, (i + 1) * MAX_BATCH),
  );
  await mapLimit(batches, PARALLEL, async (batch) => {
    const Entries = batch.map((message, i) => ({ Id: String(i), ...message }));
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    if (Failed.length > 0) {
      throw new Error(`SQS rejected ${Failed.length} of ${batch.length} messages: ${Failed[0]?.Code}`);
    }
  });
}
