import * as z from 'zod/mini';
import { Diff } from '../domain/history/diff-answer.ts';
import { VersionView } from '../domain/history/version-view.ts';
import { cursor, limit, NOT_TRACKED, nextCursor, parameters } from '../groups/routes.ts';
import { NO_INPUT, type Route } from '../route.ts';
import { versionNumber } from '../runtime/rest/request.ts';

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
    404: NOT_TRACKED,
  },
} as const satisfies Route;

export const diffGroup = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}/diff',
  lambda: 'history',
  access: 'viewer',
  summary: 'What changed between two versions of a group, verification by verification',
  parameters,
  query: z.object({ from: versionNumber, to: versionNumber }),
  headers: { 'accept-encoding': 'gzip, for answers over 6 MB.' },
  answers: {
    200: {
      description: 'The differences; none between a version and itself. Over 6 MB with Content-Encoding: gzip.',
      schema: Diff,
    },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: from or to is missing or unusable.',
    404: 'NOT_FOUND: nobody follows this group, or there never was that version.',
    406: 'The answer is over 6 MB and can only be sent gzipped.',
    410: 'NOT_FOUND: a version is not kept any more.',
    413: 'The answer is over 6 MB even gzipped: read the two versions instead.',
  },
} as const satisfies Route;
