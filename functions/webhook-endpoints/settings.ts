import * as z from 'zod/mini';
import { EVENT_TYPES } from '../domain/events/event.ts';

const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;
const COUNT = `must hold 1 to ${EVENT_TYPES.length} types`;

/** What an admin sets of a webhook endpoint. Whether the URL is allowed is checked afterwards: that depends on settings. */
const fields = {
  url: z
    .string()
    .check(
      z.maxLength(MAX_URL_LENGTH, `has over ${MAX_URL_LENGTH} characters`),
      z.meta({ description: 'An https URL on port 443, whose host is a name with public addresses.' }),
    ),
  description: z.string().check(
    z.maxLength(MAX_DESCRIPTION_LENGTH, `has over ${MAX_DESCRIPTION_LENGTH} characters`),
    z.refine((text) => text.isWellFormed(), 'is no valid Unicode'),
  ),
  event_types: z
    .array(z.enum(EVENT_TYPES, `must be one of ${EVENT_TYPES.join(', ')}`), 'must be a list')
    .check(
      z.minLength(1, COUNT),
      z.maxLength(EVENT_TYPES.length, COUNT),
      z.meta({ description: 'The events that are delivered. A new endpoint receives all by default.' }),
    ),
};

export const NewSettings = z
  .strictObject({
    url: fields.url,
    description: z._default(fields.description, ''),
    event_types: z._default(fields.event_types, [...EVENT_TYPES]),
  })
  .check(z.meta({ id: 'NewWebhookEndpoint' }));

const CHANGEABLE = {
  url: z.optional(fields.url),
  description: z.optional(fields.description),
  event_types: z.optional(fields.event_types),
  enabled: z.optional(
    z.boolean().check(
      z.meta({
        description:
          'false: nothing is sent any more, and pending deliveries become failed. true: the endpoint receives the events ' +
          'from now on. A recovery delivers the failed ones.',
      }),
    ),
  ),
};

export const ChangedSettings = z.strictObject(CHANGEABLE).check(
  z.refine(
    (settings) => Object.keys(settings).length > 0,
    `must name at least one of ${Object.keys(CHANGEABLE).join(', ')}`,
  ),
  z.meta({ id: 'WebhookEndpointChange', minProperties: 1 }),
);
