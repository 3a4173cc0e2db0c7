import * as z from 'zod/mini';
import { Status } from '../domain/group/status.ts';
import { lazy } from '../domain/lazy.ts';
import { NO_INPUT, type Route } from '../route.ts';
import { ListQuery } from './list-query.ts';
import { verification } from './verification.ts';

const list = lazy(() =>
  z
    .object({
      total: z.int().check(z.minimum(0), z.meta({ description: 'The number of verifications in the whole group.' })),
      overall_status: z.nullable(Status),
      items: z.array(verification()),
    })
    .check(z.meta({ id: 'VerificationPage' })),
);

const snapshotHeaders = {
  etag: 'The weak ETag of this page. Send it as If-None-Match.',
  'last-modified': 'The second in which this version was published.',
  age: 'Seconds since AnyCheck last confirmed this content.',
  'x-snapshot-age': 'The same as Age, but caches between the service and the caller do not change it.',
  'x-snapshot-version':
    'The version of this answer. Send it as snapshot_version to read further pages of the same snapshot.',
};

export const listVerifications = {
  ...NO_INPUT,
  method: 'GET',
  path: '/verifications',
  lambda: 'verifications',
  access: 'viewer',
  takesKeys: true,
  summary: 'Lists a page of a group’s verifications from its snapshot, with AnyCheck’s own contract',
  query: ListQuery,
  headers: {
    'cache-control':
      'With no-cache, the service refreshes the group before it answers. With max-age=N, it does so if the snapshot ' +
      'is older than N seconds; max-stale adds to N.',
    'if-none-match': 'An ETag. The answer is 304 if the page still has it.',
    'if-modified-since': 'Without If-None-Match, the answer is 304 if nothing was stored in that second or since.',
  },
  answers: {
    200: {
      description: 'The complete page, from one snapshot.',
      get schema() {
        return list();
      },
      headers: snapshotHeaders,
    },
    304: {
      description: 'The page is the one that the caller has.',
      headers: snapshotHeaders,
    },
  },
  failures: {
    400:
      'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: Another parameter is invalid, or the page is ' +
      'over 6 MB.',
    404:
      'NOT_FOUND: AnyCheck does not know the group, the group is erased, it never had the version, or it had no ' +
      'version yet at the time in as_of.',
    410: 'NOT_FOUND: The version, or the one that was current at the time in as_of, is past its retention.',
    406:
      'INVALID_REQUEST: A single verification is over 6 MB without gzip; or Accept-Encoding refuses zstd, br, gzip and ' +
      'the unencoded answer.',
    413: 'INVALID_REQUEST: A single verification is over 6 MB even with gzip.',
    429:
      'QUOTA_EXCEEDED: Within a minute, the caller has read too many groups for which AnyCheck returned no ' +
      'verifications; or the caller’s daily quota of new groups is spent. The service counts after the answer, so ' +
      'parallel reads can exceed a quota.',
    503:
      'INTERNAL_SERVER_ERROR: The group has no snapshot yet, and AnyCheck is not available. Retry after Retry-After ' +
      'seconds.',
  },
} as const satisfies Route;
