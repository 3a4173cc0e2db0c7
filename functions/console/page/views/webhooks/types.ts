import type { Body } from '../../api/route-types.ts';

export type Endpoint = Body<'GET /webhook-endpoints'>['items'][number];
export type EndpointDetails = Body<'GET /webhook-endpoints/{endpoint_id}'>;
export type EventType = Endpoint['event_types'][number];
export type Delivery = Body<'GET /webhook-endpoints/{endpoint_id}/deliveries'>['items'][number];
export type Outcome = Pick<Delivery['attempts'][number], 'status' | 'error' | 'duration_ms'>;
