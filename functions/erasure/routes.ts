import * as z from 'zod/mini';
import { NO_ID, NOT_TRACKED, parameters } from '../groups/routes.ts';
import { NO_INPUT, type Route } from '../route.ts';

export const eraseGroup = {
  ...NO_INPUT,
  method: 'DELETE',
  path: '/groups/{result_id}',
  lambda: 'erasure',
  access: 'admin',
  summary: 'Erase a group with all its versions',
  parameters,
  answers: {
    204: {
      description:
        'Unreadable from now on, gone within 20 minutes, whether or not it was known. It is followed again only by POST /groups.',
    },
  },
  failures: { 400: NO_ID },
} as const satisfies Route;

export const redactGroup = {
  ...NO_INPUT,
  method: 'POST',
  path: '/groups/{result_id}/redact',
  lambda: 'erasure',
  access: 'admin',
  summary: 'Cut personal data from a group’s past and future, for ever',
  parameters,
  answers: {
    202: {
      description:
        'Served redacted from now on, stored so within 20 minutes: of each verification id, result_id, service, status, output_status, start_date, end_date, created_at, updated_at and credit_used remain.',
      schema: z.object({ accepted: z.literal(true) }),
    },
  },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;
