import { setTimeout as sleep } from 'node:timers/promises';
import { parseDeliverMessage } from '../adapters/aws/deliver-message.ts';
import { deliverQueueOnDemand } from '../adapters/aws/deliver-queue-on-demand.ts';
import { eventBusOnDemand } from '../adapters/aws/event-bus-on-demand.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { deliverStore } from '../adapters/dynamodb/webhooks/deliver-store.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { logRefusedEvent, logUnannouncedChange } from '../runtime/log/announcement-log.ts';
import { queue } from '../runtime/queue.ts';
import { secretBoxFrom, webhookSenderFrom } from '../runtime/webhook-sender.ts';
import { deliverMessage } from './deliver-message.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const deps = {
  store: deliverStore({ client: documentClient(3, 3_000), table: env.TABLE_NAME }),
  queue: deliverQueueOnDemand(({ deliverQueue, sqsClient }) =>
    deliverQueue(sqsClient(3, 2_000), env.DELIVER_QUEUE_URL, currentRequest),
  ),
  bus: eventBusOnDemand(({ eventBus, eventBridgeClient }) =>
    eventBus(eventBridgeClient(2, 2_000), env.EVENT_BUS_NAME, logRefusedEvent),
  ),
  onUnannounced: logUnannouncedChange,
  sender: webhookSenderFrom(env),
  secrets: secretBoxFrom(env),
  slotsPerEndpoint: env.SLOTS_PER_ENDPOINT,
  now: Date.now,
  random: Math.random,
  sleep: (ms: number) => sleep(ms),
};

/** The event source invokes the function with one message at a time. */
export const handler = queue((body) => parseDeliverMessage(body).request, deliverMessage(deps), 'delivery.crashed');
