import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeliverQueue } from '../../domain/webhooks/ports.ts';
import { deliverMessageOf } from './deliver-message.ts';
import { MAX_DELAY_SECONDS, sendMessages } from './send-messages.ts';

// Functions that load the queue on demand load its client with it.
export { sqsClient } from './send-messages.ts';

/**
 * The standard queue of deliveries. It can deliver a message more than once, and in any order.
 * @param request returns the id of the request that queues the messages; the log lines of deliveries carry it.
 */
export const deliverQueue = (client: SQSClient, url: string, request: () => string | undefined): DeliverQueue => ({
  async send(messages, delayMs = 0) {
    const DelaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(delayMs / 1000)));
    const entries = messages.map((message) => ({
      MessageBody: deliverMessageOf({ ...message, request: request() }),
      DelaySeconds,
    }));
    await sendMessages(client, url, entries);
  },
});
