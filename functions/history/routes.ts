import * as z from 'zod';
import { VersionView } from '../domain/version-view.ts';
import { cursor, limit, NOT_FOLLOWED, nextCursor, parameters } from '../groups/routes.ts';
import { NO_INPUT, type Route } from '../route.ts';

export const groupHistory = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}/history',
  lambda: 'history',
  access: 'viewer',
  summary: 'A group’s versions, newest first, and what each changed',
  parameters,
  query: z.object({ cursor, limit }),
  answers: {
    200: {
      description: 'A page of the versions that are kept.',
      schema: z.object({ items: z.array(VersionView), next_cursor: nextCursor }),
    },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: a parameter is unusable.',
    404: NOT_FOLLOWED,
  },
} as const satisfies Route;
