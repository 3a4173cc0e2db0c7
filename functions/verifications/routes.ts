import * as z from 'zod/mini';
import { NO_INPUT, type Route } from '../route.ts';
import { ListQuery } from './list-query.ts';

const Status = z.nullable(z.string());

/** As AnyCheck documents it: any field may be missing, null or new. */
const Verification = z.looseObject({
  id: z.string(),
  result_id: z.nullish(z.string()),
  status: z.optional(Status),
  output_status: z.optional(Status),
});

const List = z.object({
  total: z.int().check(z.minimum(0), z.meta({ description: 'Of the whole group.' })),
  overall_status: Status,
  items: z.array(Verification),
});

const snapshotHeaders = {
  etag: 'Of this page, weak: send it as If-None-Match.',
  'last-modified': 'When this version was published.',
  age: 'Seconds since AnyCheck last said that this was so.',
  'x-snapshot-age': 'The same, where a cache on the way adds to Age.',
  'x-snapshot-version': 'The version served: name it in snapshot_version to get further pages of the same snapshot.',
};

export const listVerifications = {
  ...NO_INPUT,
  method: 'GET',
  path: '/verifications',
  lambda: 'verifications',
  access: 'viewer',
  summary: 'A page of a group’s verifications: AnyCheck’s own contract, from the newest snapshot',
  query: ListQuery,
  headers: {
    'cache-control': 'no-cache or max-age=N (seconds) has AnyCheck asked before the answer.',
    'if-none-match': 'An ETag: 304 where it still stands.',
    'accept-encoding': 'gzip, for pages over 6 MB.',
  },
  answers: {
    200: {
      description: 'The page, whole and from one snapshot; over 6 MB with Content-Encoding: gzip.',
      schema: List,
      headers: snapshotHeaders,
    },
    304: { description: 'What If-None-Match names is still so.', headers: snapshotHeaders },
  },
  failures: {
    400: 'INVALID_ID: result_id is not a UUID. INVALID_REQUEST: another parameter is unusable, or the page too large.',
    404: 'NOT_FOUND: AnyCheck doesn’t know the group, it was erased, or there never was that version, or nothing was known at that time.',
    410: 'NOT_FOUND: the version is not kept any more, or what was current at that time.',
    406: 'A single verification is over 6 MB and can only be sent gzipped.',
    413: 'A single verification is over 6 MB even gzipped.',
    429: 'QUOTA_EXCEEDED: AnyCheck has not shown verifications of too many of the groups that the caller named within a minute, or the caller’s quota of new groups is spent for the day. Counted after the answer: reads at the same time may exceed the quota.',
    503: 'The group is not known yet, and AnyCheck can’t be asked; Retry-After says when to come back.',
  },
} as const satisfies Route;
