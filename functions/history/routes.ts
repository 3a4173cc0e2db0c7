import * as z from 'zod/mini';
import { Status } from '../domain/group/status.ts';
import { Diff } from '../domain/history/diff-answer.ts';
import { VersionView } from '../domain/history/version-view.ts';
import { cursor, limit, NOT_TRACKED, nextCursor, parameters } from '../groups/routes.ts';
import { NO_INPUT, type Route } from '../route.ts';
import { versionNumber } from '../runtime/rest/query-fields.ts';

export const groupHistory = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}/history',
  lambda: 'history',
  access: 'viewer',
  takesKeys: true,
  summary: 'Lists the versions of a group, newest first, with what each changed',
  parameters,
  query: z.strictObject({ cursor, limit }),
  answers: {
    200: {
      description: 'A page of the stored versions.',
      schema: z.object({ items: z.array(VersionView), next_cursor: nextCursor }).check(z.meta({ id: 'VersionPage' })),
    },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid or unknown.',
    404: NOT_TRACKED,
  },
} as const satisfies Route;

export const groupStatuses = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}/statuses',
  lambda: 'history',
  access: 'viewer',
  summary: 'Lists the status of each verification of a version, without content',
  parameters,
  query: z.strictObject({ version: versionNumber }),
  answers: {
    200: {
      description: 'The verifications of the version, in their order.',
      schema: z
        .object({
          items: z.array(
            z.object({ id: z.string(), status: z.nullable(Status) }).check(z.meta({ id: 'VerificationStatus' })),
          ),
        })
        .check(z.meta({ id: 'VersionStatuses' })),
    },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: version is missing or invalid, or another parameter is unknown.',
    404: 'NOT_FOUND: The group is not tracked, or it never had the version.',
    406:
      'INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded ' +
      'answer.',
    410: 'NOT_FOUND: The version is past its retention.',
    413: 'INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the version page by page instead.',
  },
} as const satisfies Route;

export const diffGroup = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}/diff',
  lambda: 'history',
  access: 'viewer',
  takesKeys: true,
  summary: 'Compares two versions of a group, verification by verification',
  parameters,
  query: z.strictObject({ from: versionNumber, to: versionNumber }),
  answers: {
    200: {
      description: 'The differences between the versions. A version has none from itself.',
      schema: Diff,
    },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: from or to is missing or invalid, or another parameter is unknown.',
    404: 'NOT_FOUND: The group is not tracked, or it never had one of the versions.',
    406:
      'INVALID_REQUEST: The answer is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and the unencoded ' +
      'answer.',
    410: 'NOT_FOUND: One of the versions is past its retention.',
    413: 'INVALID_REQUEST: The answer is over 6 MB even with gzip. Read the two versions instead.',
  },
} as const satisfies Route;
