import * as z from 'zod/mini';
import { FOR_ANYBODY, NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';

export const health = {
  ...NO_INPUT,
  method: 'GET',
  path: '/health',
  lambda: 'health',
  ...FOR_ANYBODY,
  summary: 'Checks that the service answers and can read its table',
  answers: {
    200: {
      description: 'The service answers and can read its table.',
      schema: z.object({ status: z.literal('ok') }).check(z.meta({ id: 'Health' })),
    },
  },
  failures: {
    400: UNKNOWN_PARAMETER,
    503: 'INTERNAL_SERVER_ERROR: The service cannot read its table within two seconds.',
  },
} as const satisfies Route;
