import * as z from 'zod/mini';
import { Accepted, NO_INPUT, NOTHING, type Route } from '../route.ts';

/**
 * Public for the gateway only: the path holds a secret token. The route has the API's whole throttle because AnyCheck
 * delivers in bursts and may not repeat a rejected delivery, which would delay a status. A token of 48 characters
 * cannot be guessed.
 */
export const anycheckWebhook = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhooks/anycheck/{token}',
  lambda: 'anycheck-webhook',
  access: 'public',
  throttleShare: 1,
  summary: 'Receives a webhook of AnyCheck and requests a refresh of the group that it names',
  parameters: z.object({
    token: z.string().check(z.meta({ description: 'The token of this deployment, from its webhook secret.' })),
  }),
  query: NOTHING,
  body: z.unknown().check(
    z.meta({
      id: 'WebhookDelivery',
      description: 'A delivery of AnyCheck. It requests a refresh; the service stores nothing of its body.',
    }),
  ),
  answers: {
    202: {
      description: 'The service has accepted the delivery, whether or not it names a known group.',
      schema: Accepted,
    },
  },
  failures: {
    400: 'INVALID_REQUEST: The body is not JSON, or larger than 10 MB without its content coding.',
    401: 'INVALID_TOKEN: The token or the signature is wrong, or the timestamp is more than 5 minutes away from now.',
    415: 'INVALID_REQUEST: The content coding of the body is neither gzip nor none.',
  },
} as const satisfies Route;
