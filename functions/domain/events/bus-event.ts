import type { EventType } from './event.ts';

/** The types of events about a webhook endpoint. The bus carries them; they are never sent to webhook endpoints. */
export const ENDPOINT_EVENTS = [
  'webhook_endpoint.created',
  'webhook_endpoint.updated',
  'webhook_endpoint.disabled',
  'webhook_endpoint.deleted',
] as const;
export type EndpointEventType = (typeof ENDPOINT_EVENTS)[number];

/** The types of all events that the bus carries. */
export type BusEventType = EventType | EndpointEventType;
