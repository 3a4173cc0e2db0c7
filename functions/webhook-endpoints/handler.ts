import { randomBytes } from 'node:crypto';
import { deliverQueueOnDemand } from '../adapters/aws/deliver-queue-on-demand.ts';
import { eventBusOnDemand } from '../adapters/aws/event-bus-on-demand.ts';
import { documentClient } from '../adapters/dynamodb/requests/document-client.ts';
import { deliveryLog } from '../adapters/dynamodb/webhooks/delivery-log.ts';
import { webhookEndpoints } from '../adapters/dynamodb/webhooks/endpoints.ts';
import { newSigningSecret } from '../adapters/secrets/signing-secret.ts';
import { api } from '../runtime/api.ts';
import { currentRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { logRefusedEvent, logUnannouncedChange } from '../runtime/log/announcement-log.ts';
import { secretBoxFrom, urlCheckFrom, webhookSenderFrom } from '../runtime/webhook-sender.ts';
import { deliveryEndpoints } from './delivery-endpoints.ts';
import { endpoints } from './endpoints.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const place = { client: documentClient(3, 3_000), table: env.TABLE_NAME };
const deps = {
  endpoints: webhookEndpoints(place),
  log: deliveryLog(place),
  bus: eventBusOnDemand(({ eventBus, eventBridgeClient }) =>
    eventBus(eventBridgeClient(1, 2_000), env.EVENT_BUS_NAME, logRefusedEvent),
  ),
  queue: deliverQueueOnDemand(({ deliverQueue, sqsClient }) =>
    deliverQueue(sqsClient(3, 2_000), env.DELIVER_QUEUE_URL, currentRequest),
  ),
  sender: webhookSenderFrom(env),
  box: secretBoxFrom(env),
  urlFault: urlCheckFrom(env),
  newSecret: newSigningSecret,
  randomId: () => randomBytes(16).toString('base64url'),
  onUnannounced: logUnannouncedChange,
  now: Date.now,
};

export const handler = api([...endpoints(deps), ...deliveryEndpoints(deps)], env);
