import * as z from 'zod/mini';
import { ResultId } from '../domain/group/result-id.ts';
import { DELIVERY_STATUSES } from '../domain/webhooks/delivery.ts';
import { DeliveryView } from '../domain/webhooks/delivery-view.ts';
import { cursor, limit, nextCursor } from '../groups/routes.ts';
import { Accepted, NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { ofDelivery, ofEndpoint } from './ids.ts';
import { NO_ENDPOINT } from './routes.ts';

const NO_TIME = 'must be an RFC 3339 time, such as 2026-01-31T08:00:00Z';
const DISABLED = 'INVALID_REQUEST: The endpoint is disabled.';

export const listWebhookDeliveries = {
  ...NO_INPUT,
  method: 'GET',
  path: '/webhook-endpoints/{endpoint_id}/deliveries',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Lists the deliveries to a webhook endpoint, newest first',
  parameters: ofEndpoint,
  query: z.strictObject({
    status: z.optional(z.enum(DELIVERY_STATUSES, `must be one of ${DELIVERY_STATUSES.join(', ')}`)),
    result_id: z.optional(ResultId),
    cursor,
    limit,
  }),
  answers: {
    200: {
      description:
        'A page of the deliveries of events of the last 30 days, by the time of the event. One call reads at most 1,000 ' +
        'deliveries, so with a filter a page can hold fewer than limit before the end of the list.',
      schema: z.object({ items: z.array(DeliveryView), next_cursor: nextCursor }).check(z.meta({ id: 'DeliveryPage' })),
    },
  },
  failures: {
    400: 'INVALID_ID: endpoint_id is malformed, or result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown.',
    404: NO_ENDPOINT,
  },
} as const satisfies Route;

export const resendWebhookDelivery = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhook-endpoints/{endpoint_id}/deliveries/{delivery_id}/resend',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Delivers an event again',
  parameters: ofDelivery,
  answers: { 202: { description: 'The delivery is pending again, and its attempts begin anew.', schema: Accepted } },
  failures: {
    400: `INVALID_ID: endpoint_id or delivery_id is malformed. ${UNKNOWN_PARAMETER}`,
    404: 'NOT_FOUND: There is no such webhook endpoint or delivery, or the delivery is older than 30 days.',
    409: DISABLED,
    410: 'NOT_FOUND: The group of the delivery was erased, and its events with it.',
    429: 'QUOTA_EXCEEDED: 60 deliveries of the endpoint were sent again in this minute.',
    503: 'INTERNAL_SERVER_ERROR: The delivery changed at the same time.',
  },
} as const satisfies Route;

export const recoverWebhookDeliveries = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhook-endpoints/{endpoint_id}/recover',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Delivers every failed event since a time again',
  parameters: ofEndpoint,
  body: z
    .strictObject({
      since: z
        .pipe(
          z.iso.datetime({ offset: true, error: ({ input }) => (input === undefined ? 'is required' : NO_TIME) }),
          z.transform((text: string) => Date.parse(text)),
        )
        .check(z.meta({ description: 'The first event time, at most 30 days ago.' })),
    })
    .check(z.meta({ id: 'RecoverRequest' })),
  answers: { 202: { description: 'The recovery is under way. It can take minutes.', schema: Accepted } },
  failures: {
    400: 'INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: since is missing, malformed, in the future, or over 30 days ago.',
    404: NO_ENDPOINT,
    409: DISABLED,
    429: 'QUOTA_EXCEEDED: Another recovery of the endpoint is under way.',
  },
} as const satisfies Route;
