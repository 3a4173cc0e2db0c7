import * as z from 'zod/mini';
import { ENDPOINT_EVENTS, type EndpointEventType } from '../events/bus-event.ts';
import { EVENT_TYPES, EventId } from '../events/event.ts';
import type { StoredEvent } from '../events/event-bus.ts';
import { eventIdOf } from '../events/event-id.ts';
import { DISABLED_REASONS, type WebhookEndpoint } from './endpoint.ts';

/** What a change of an endpoint can change, by the names of the API. `secret`: a new one was added. */
const CHANGED_FIELDS = ['url', 'description', 'event_types', 'enabled', 'secret'] as const;
export type ChangedField = (typeof CHANGED_FIELDS)[number];

/** An event about a webhook endpoint, as it was after the change; for a deletion, before it. It holds no secret. */
const EndpointEvent = z.object({
  id: EventId,
  type: z.enum(ENDPOINT_EVENTS),
  timestamp: z.iso.datetime(),
  data: z.object({
    endpoint_id: z.string(),
    /** The origin alone: the path and the query of a URL can hold a secret. */
    origin: z.string(),
    event_types: z.array(z.enum(EVENT_TYPES)),
    enabled: z.boolean(),
    /** Of a change by an admin: what it changed. */
    changed: z.optional(z.array(z.enum(CHANGED_FIELDS))),
    /** Why the service disabled the endpoint; absent where an admin did. */
    reason: z.optional(z.enum(DISABLED_REASONS)),
    /** The id of the request that made the change; absent where the service made it. */
    request_id: z.optional(z.string()),
  }),
});

export interface EndpointChange {
  readonly type: EndpointEventType;
  /** The record that is written, with the revision that was read; for a deletion, the record that is deleted. */
  readonly endpoint: WebhookEndpoint;
  /** ms since the epoch. */
  readonly at: number;
  readonly changed?: readonly ChangedField[];
  readonly requestId?: string | undefined;
}

/** Returns the event that announces a change of an endpoint. */
export function endpointEvent({ type, endpoint, at, changed, requestId }: EndpointChange): StoredEvent {
  const head = {
    id: eventIdOf(endpoint.id, endpoint.revision, type, at),
    type,
    timestamp: new Date(at).toISOString(),
  };
  const { disabledReason: reason } = endpoint;
  const data = {
    endpoint_id: endpoint.id,
    origin: new URL(endpoint.url).origin,
    event_types: [...endpoint.eventTypes],
    enabled: endpoint.isEnabled,
    ...(changed && { changed: [...changed] }),
    ...(type === 'webhook_endpoint.disabled' && reason !== undefined && { reason }),
    ...(requestId !== undefined && { request_id: requestId }),
  };
  return { ...head, body: JSON.stringify(EndpointEvent.parse({ ...head, data })) };
}
