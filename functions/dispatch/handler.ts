import { deliverQueueOnDemand } from '../adapters/aws/deliver-queue-on-demand.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { dispatchStore } from '../adapters/dynamodb/webhooks/dispatch-store.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { queue } from '../runtime/queue.ts';
import { dispatchMessage } from './dispatch-message.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const deps = {
  store: dispatchStore({ client: documentClient(3, 3_000), table: env.TABLE_NAME }, Date.now),
  queue: deliverQueueOnDemand(({ deliverQueue, sqsClient }) =>
    deliverQueue(sqsClient(3, 2_000), env.DELIVER_QUEUE_URL, currentRequest),
  ),
  now: Date.now,
};

/** The event source invokes the function with one message at a time. */
export const handler = queue(() => undefined, dispatchMessage(deps), 'dispatch.crashed');
