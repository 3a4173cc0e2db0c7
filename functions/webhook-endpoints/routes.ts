import * as z from 'zod/mini';
import { TestView } from '../domain/webhooks/delivery-view.ts';
import { CreatedEndpoint, EndpointDetails, EndpointView } from '../domain/webhooks/endpoint-view.ts';
import { NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { ofEndpoint } from './ids.ts';
import { ChangedSettings, NewSettings } from './settings.ts';

const NO_ID = `INVALID_ID: endpoint_id is malformed. ${UNKNOWN_PARAMETER}`;
export const NO_ENDPOINT = 'NOT_FOUND: There is no such webhook endpoint.';
const CONFLICT = 'INTERNAL_SERVER_ERROR: Other calls changed the endpoint at the same time.';
const time = z.iso.datetime();

export const createWebhookEndpoint = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhook-endpoints',
  lambda: 'webhook-endpoints',
  access: 'admin',
  summary: 'Registers a URL that receives events',
  body: NewSettings,
  answers: {
    201: {
      description: 'The endpoint, which receives the events from now on, and its signing secret.',
      schema: CreatedEndpoint,
    },
  },
  failures: {
    400: 'INVALID_REQUEST: A field is invalid or unknown, the URL is not allowed, or there are 50 endpoints already.',
    503: CONFLICT,
  },
} as const satisfies Route;

export const listWebhookEndpoints = {
  ...NO_INPUT,
  method: 'GET',
  path: '/webhook-endpoints',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Lists the webhook endpoints',
  answers: {
    200: {
      description: 'All endpoints, in the order of their creation.',
      schema: z.object({ items: z.array(EndpointView) }).check(z.meta({ id: 'WebhookEndpointList' })),
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
} as const satisfies Route;

export const getWebhookEndpoint = {
  ...NO_INPUT,
  method: 'GET',
  path: '/webhook-endpoints/{endpoint_id}',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Returns a webhook endpoint, with counts of its deliveries',
  parameters: ofEndpoint,
  answers: { 200: { description: 'The endpoint.', schema: EndpointDetails } },
  failures: { 400: NO_ID, 404: NO_ENDPOINT },
} as const satisfies Route;

export const updateWebhookEndpoint = {
  ...NO_INPUT,
  method: 'PATCH',
  path: '/webhook-endpoints/{endpoint_id}',
  lambda: 'webhook-endpoints',
  access: 'admin',
  summary: 'Changes, disables or enables a webhook endpoint',
  parameters: ofEndpoint,
  body: ChangedSettings,
  answers: { 200: { description: 'The endpoint after the change.', schema: EndpointView } },
  failures: {
    400: 'INVALID_ID: endpoint_id is malformed. INVALID_REQUEST: A field is invalid, unknown or missing, or the URL is not allowed.',
    404: NO_ENDPOINT,
    503: CONFLICT,
  },
} as const satisfies Route;

export const deleteWebhookEndpoint = {
  ...NO_INPUT,
  method: 'DELETE',
  path: '/webhook-endpoints/{endpoint_id}',
  lambda: 'webhook-endpoints',
  access: 'admin',
  summary: 'Deletes a webhook endpoint',
  parameters: ofEndpoint,
  answers: { 204: { description: 'The endpoint receives nothing any more. An attempt that is under way ends.' } },
  failures: { 400: NO_ID, 404: NO_ENDPOINT, 503: CONFLICT },
} as const satisfies Route;

export const rotateWebhookSecret = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhook-endpoints/{endpoint_id}/rotate-secret',
  lambda: 'webhook-endpoints',
  access: 'admin',
  summary: 'Adds a signing secret to a webhook endpoint, and ends the one before in 24 hours',
  parameters: ofEndpoint,
  answers: {
    200: {
      description: 'The new secret. It and the one before sign each delivery until previous_ends_at.',
      schema: z
        .object({
          secret: z.string().check(z.meta({ description: 'No other call returns it.' })),
          previous_ends_at: time.check(z.meta({ description: 'From then on, the new secret signs alone.' })),
        })
        .check(z.meta({ id: 'RotatedSecret' })),
    },
  },
  failures: {
    400: NO_ID,
    404: NO_ENDPOINT,
    429: 'QUOTA_EXCEEDED: Four secrets of the endpoint sign already. Retry-After says when the first of them ends.',
    503: CONFLICT,
  },
} as const satisfies Route;

export const testWebhookEndpoint = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhook-endpoints/{endpoint_id}/test',
  lambda: 'webhook-endpoints',
  access: 'operator',
  summary: 'Sends a test event to a webhook endpoint',
  parameters: ofEndpoint,
  answers: { 200: { description: 'How the endpoint answered. It is also 200 where it failed.', schema: TestView } },
  failures: {
    400: NO_ID,
    404: NO_ENDPOINT,
    429: 'QUOTA_EXCEEDED: The endpoint was tested less than 10 seconds ago.',
  },
} as const satisfies Route;
