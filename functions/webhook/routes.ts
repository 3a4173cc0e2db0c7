import * as z from 'zod/mini';
import { NO_INPUT, type Route } from '../route.ts';

/**
 * Public to the gateway alone: the path holds a token. AnyCheck delivers in bursts, and what it finds refused may be lost, so
 * that a status comes late; a token of 48 characters is not found by trying, however often.
 */
export const anycheckWebhook = {
  ...NO_INPUT,
  method: 'POST',
  path: '/webhooks/anycheck/{token}',
  lambda: 'webhook',
  access: 'public',
  throttleShare: 1,
  summary: 'Hear from AnyCheck that a group may have changed',
  parameters: z.object({
    token: z.string().check(z.meta({ description: 'Of this deployment, from its webhook secret.' })),
  }),
  body: z
    .unknown()
    .check(z.meta({ description: 'A delivery of AnyCheck: a hint which group to look at, of which nothing is kept.' })),
  answers: {
    202: {
      description: 'Taken, whichever group it names, or none.',
      schema: z.object({ accepted: z.literal(true) }),
    },
  },
  failures: {
    400: 'The body is not JSON.',
    401: 'INVALID_TOKEN: the token, the signature or its time is wrong.',
  },
} as const satisfies Route;
