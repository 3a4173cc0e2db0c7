import * as z from 'zod/mini';
import { ENDPOINT_EVENTS } from '../../../domain/events/bus-event.ts';
import { EVENT_TYPES } from '../../../domain/events/event.ts';
import type { WebhookEndpoint } from '../../../domain/webhooks/endpoint.ts';
import { ENDPOINTS, rowBase, SCHEMA, WEBHOOK_ENDPOINTS } from '../layout/keys.ts';

const UnannouncedRow = z.object({
  id: z.string(),
  type: z.enum(ENDPOINT_EVENTS),
  timestamp: z.string(),
  body: z.string(),
});

export const EndpointRow = z.object({
  ...rowBase,
  url: z.string(),
  description: z.string(),
  /** Later code can know further types. */
  event_types: z.array(z.string()),
  enabled: z.boolean(),
  disabled_reason: z.optional(z.enum(['FAILING', 'GONE'])),
  secrets: z.array(z.object({ version: z.number(), sealed: z.string(), until: z.optional(z.number()) })),
  created_at: z.number(),
  updated_at: z.number(),
  revision: z.number(),
  /** Events about changes that the bus has not accepted yet, oldest first. */
  unannounced: z._default(z.array(UnannouncedRow), []),
  /** A deleted endpoint stays until its deletion is announced. */
  deleted: z._default(z.boolean(), false),
});
export type EndpointRow = z.output<typeof EndpointRow>;

export const endpointKey = (id: string) => ({ pk: WEBHOOK_ENDPOINTS, sk: `${ENDPOINTS}${id}` });

export const endpointOf = (row: EndpointRow): WebhookEndpoint => ({
  id: row.sk.slice(ENDPOINTS.length),
  url: row.url,
  description: row.description,
  eventTypes: EVENT_TYPES.filter((type) => row.event_types.includes(type)),
  isEnabled: row.enabled,
  disabledReason: row.disabled_reason,
  secrets: row.secrets.map(({ version, sealed, until }) => ({ version, sealed, until })),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  revision: row.revision,
});

export const endpointAttributes = (endpoint: WebhookEndpoint) => ({
  v: SCHEMA,
  url: endpoint.url,
  description: endpoint.description,
  event_types: endpoint.eventTypes,
  enabled: endpoint.isEnabled,
  disabled_reason: endpoint.disabledReason,
  secrets: endpoint.secrets,
  created_at: endpoint.createdAt,
  updated_at: endpoint.updatedAt,
});
