import * as z from 'zod/mini';
import type { DeliverMessage } from '../../domain/webhooks/ports.ts';

/** A message of the queue of deliveries. It also holds the id of the request that queued it. */
const Message = z.object({
  endpoint_id: z.string(),
  delivery_id: z.optional(z.string()),
  due: z.number(),
  probe: z.optional(z.boolean()),
  request: z.optional(z.string()),
});

export interface ReceivedDeliverMessage extends DeliverMessage {
  readonly request?: string | undefined;
}

export const deliverMessageOf = ({ endpointId, deliveryId, due, isProbe, request }: ReceivedDeliverMessage): string =>
  JSON.stringify({
    endpoint_id: endpointId,
    delivery_id: deliveryId,
    due,
    probe: isProbe,
    request,
  } satisfies z.input<typeof Message>);

/** @throws an Error where the text is no message of the queue of deliveries. */
export const parseDeliverMessage = (body: string): ReceivedDeliverMessage => {
  const { endpoint_id, delivery_id, due, probe, request } = Message.parse(JSON.parse(body));
  return { endpointId: endpoint_id, deliveryId: delivery_id, due, isProbe: probe, request };
};
