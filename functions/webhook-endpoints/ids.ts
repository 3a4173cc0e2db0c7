import * as z from 'zod/mini';
import { DELIVERY_ID } from '../domain/webhooks/delivery.ts';
import { ENDPOINT_ID } from '../domain/webhooks/endpoint.ts';
import { idLike } from '../runtime/rest/id-like.ts';

const endpointId = idLike(ENDPOINT_ID, 'a webhook endpoint');

/** The parameters of a route of one endpoint, and of one delivery. */
export const ofEndpoint = z.object({ endpoint_id: endpointId });
export const ofDelivery = z.object({ endpoint_id: endpointId, delivery_id: idLike(DELIVERY_ID, 'a delivery') });
