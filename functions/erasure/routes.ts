import { NO_ID, NOT_TRACKED, parameters } from '../groups/routes.ts';
import { Accepted, NO_INPUT, type Route } from '../route.ts';

export const eraseGroup = {
  ...NO_INPUT,
  method: 'DELETE',
  path: '/groups/{result_id}',
  lambda: 'erasure',
  access: 'admin',
  summary: 'Erases a group with all its versions',
  parameters,
  answers: {
    204: {
      description:
        'The group is unreadable from now on, and its data is deleted within 20 minutes. The answer is the same for ' +
        'an unknown group. Only POST /groups tracks the group again.',
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
  summary: 'Redacts a group: removes personal data from its stored and future versions, irrevocably',
  parameters,
  answers: {
    202: {
      description:
        'The service returns only redacted data from now on, and redacts the stored data within 20 minutes. Of each ' +
        'verification, these fields remain: id, result_id, service, status, output_status, start_date, end_date, ' +
        'created_at, updated_at, credit_used.',
      schema: Accepted,
    },
  },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;
