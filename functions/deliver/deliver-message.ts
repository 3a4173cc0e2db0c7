import type { SQSRecord } from 'aws-lambda';
import { parseDeliverMessage } from '../adapters/aws/deliver-message.ts';
import { deliver } from '../domain/webhooks/deliver.ts';
import type { DeliverDeps } from '../domain/webhooks/delivering.ts';
import { upkeep } from '../domain/webhooks/upkeep.ts';
import { logDelivery, logUpkeep } from '../runtime/log/delivery-log.ts';

/** Does what a queue message names, a delivery or the upkeep of an endpoint, and logs the result. */
export const deliverMessage =
  (deps: DeliverDeps) =>
  async ({ body, attributes }: SQSRecord): Promise<void> => {
    const message = parseDeliverMessage(body);
    const { deliveryId } = message;
    if (deliveryId === undefined) return logUpkeep(message, await upkeep(deps, message));
    const receives = Number(attributes.ApproximateReceiveCount);
    logDelivery(message, await deliver(deps, { ...message, deliveryId, receives }), deps.now());
  };
