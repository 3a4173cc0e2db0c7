import * as z from 'zod/mini';
import { EVENT_TYPES } from '../events/event.ts';
import { iso, isoOrNull } from '../iso-time.ts';
import type { FoundEndpoint } from './change-endpoint.ts';
import type { Counts } from './count-deliveries.ts';
import { DISABLED_REASONS, ENDPOINT_STATES, stateName } from './endpoint.ts';
import { maskedUrl } from './endpoint-url.ts';

const meta = (description: string) => z.meta({ description });
const time = z.iso.datetime();
const count = z.int().check(z.minimum(0));

const fields = {
  id: z.string(),
  url: z.string().check(meta('?*** stands for the query, which can hold a secret.')),
  description: z.string(),
  event_types: z.array(z.enum(EVENT_TYPES)),
  enabled: z.boolean(),
  state: z
    .enum(ENDPOINT_STATES)
    .check(
      meta(
        'active: the last attempt succeeded, or there was none. failing: it failed. paused: many failed, so deliveries ' +
          'wait, and one at a time is tried. disabled: nothing is sent.',
      ),
    ),
  disabled_reason: z
    .nullable(z.enum(DISABLED_REASONS))
    .check(
      meta(
        'Why the service disabled the endpoint. FAILING: all attempts failed for days. GONE: it answered 410. Null where ' +
          'it is enabled, or where an admin disabled it.',
      ),
    ),
  failing_since: z.nullable(time).check(meta('When the first of the failures since the last success was.')),
  last_success: z.nullable(time),
  created_at: time,
  updated_at: time.check(meta('When an admin or the service last changed it.')),
};

/** An endpoint as the API returns it. Times as RFC 3339, in UTC. */
export const EndpointView = z.object(fields).check(z.meta({ id: 'WebhookEndpoint' }));
export type EndpointView = z.input<typeof EndpointView>;

const CountsView = z
  .object({
    pending: count,
    delivered: count,
    failed: count,
    cancelled: count,
    complete: z.boolean().check(meta('Whether all deliveries are counted: false where there are 10,000 or more.')),
  })
  .check(z.meta({ id: 'DeliveryCounts', description: 'Deliveries of events of the last 24 hours, by status.' }));

/** An endpoint with the counts of its deliveries. */
export const EndpointDetails = z
  .object({ ...fields, counts_24h: CountsView })
  .check(z.meta({ id: 'WebhookEndpointDetails' }));

/** A new endpoint, with its secret. */
export const CreatedEndpoint = z
  .object({ ...fields, secret: z.string().check(meta('Signs deliveries. No other call returns it.')) })
  .check(z.meta({ id: 'CreatedWebhookEndpoint' }));

export const endpointView = ({ endpoint, state }: FoundEndpoint): EndpointView => ({
  id: endpoint.id,
  url: maskedUrl(endpoint.url),
  description: endpoint.description,
  event_types: [...endpoint.eventTypes],
  enabled: endpoint.isEnabled,
  state: stateName(endpoint, state),
  disabled_reason: endpoint.disabledReason ?? null,
  failing_since: isoOrNull(state.failingSince),
  last_success: isoOrNull(state.lastSuccess),
  created_at: iso(endpoint.createdAt),
  updated_at: iso(endpoint.updatedAt),
});

export const endpointDetails = (
  found: FoundEndpoint,
  { statuses, isComplete }: Counts,
): z.input<typeof EndpointDetails> => ({
  ...endpointView(found),
  counts_24h: { ...statuses, complete: isComplete },
});
