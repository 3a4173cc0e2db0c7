import * as z from 'zod/mini';
import { PHASES } from '../domain/group/phase.ts';
import { ORDERS } from '../domain/group/position.ts';
import { ResultId } from '../domain/group/result-id.ts';
import { GroupView } from '../domain/groups/group-view.ts';
import { Accepted, NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { integer } from '../runtime/rest/query-fields.ts';

/** What a status can be. AnyCheck can add statuses, so the known ones are no list of all. */
const STATUS = /^[A-Z][A-Z0-9_]*$/;
/** The most groups that one call can track. */
const MAX_IDS = 100;

export const parameters = z.object({ result_id: ResultId });
export const NOT_TRACKED = 'NOT_FOUND: The group is not tracked, or it is erased.';
export const NO_ID = `INVALID_ID: result_id is not a UUID. ${UNKNOWN_PARAMETER}`;
export const limit = z._default(integer(1, 100), 20).check(z.meta({ description: 'The most entries of the page.' }));
export const cursor = z.optional(z.string()).check(z.meta({ description: 'The next_cursor of the previous page.' }));
export const nextCursor = z
  .nullable(z.string())
  .check(z.meta({ description: 'The cursor of the next page; null at the end of the list.' }));

const ETAG = { etag: 'The weak ETag of the answer. Send it as If-None-Match.' };
const IF_NONE_MATCH = { 'if-none-match': 'An ETag. The answer is 304 if it would have the same body.' };
const UNCHANGED = { description: 'The answer still has the ETag in If-None-Match.', headers: ETAG };

export const trackGroups = {
  ...NO_INPUT,
  method: 'POST',
  path: '/groups',
  lambda: 'groups',
  access: 'operator',
  takesKeys: true,
  summary: 'Tracks groups from now on',
  body: z
    .strictObject({
      result_ids: z
        .array(ResultId, 'must be a list')
        .check(z.minLength(1, `must hold 1 to ${MAX_IDS} ids`), z.maxLength(MAX_IDS, `must hold 1 to ${MAX_IDS} ids`)),
    })
    .check(z.meta({ id: 'TrackGroupsRequest' })),
  answers: {
    202: {
      description: 'The groups are tracked, and the first refresh of each new one is queued.',
      schema: z
        .object({
          accepted: z.array(z.string()).check(z.meta({ description: 'The groups that were not tracked before.' })),
          known: z.array(z.string()).check(z.meta({ description: 'The groups that were tracked already.' })),
        })
        .check(z.meta({ id: 'TrackGroupsAnswer' })),
    },
  },
  failures: {
    400:
      `INVALID_ID: An id is not a UUID. INVALID_REQUEST: The body does not hold 1 to ${MAX_IDS} ids, or a name in it or in the query is unknown. ` +
      'No group is tracked then.',
    429:
      'QUOTA_EXCEEDED: The call names more new groups than the caller’s daily quota leaves. No group is tracked ' +
      'then. Parallel calls can exceed the quota.',
  },
} as const satisfies Route;

export const listGroups = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups',
  lambda: 'groups',
  access: 'viewer',
  takesKeys: true,
  headers: IF_NONE_MATCH,
  summary: 'Lists the tracked groups in the order of their last change',
  query: z.strictObject({
    phase: z.optional(z.enum(PHASES, `must be one of ${PHASES.join(', ')}`)),
    overall_status: z.optional(
      z
        .string()
        .check(
          z.maxLength(100, 'is too long'),
          z.regex(STATUS, `must be a status of AnyCheck in upper case, such as COMPLETED`),
        ),
    ),
    failing: z
      .optional(z.enum(['true'], 'must be true'))
      .check(z.meta({ description: 'Only groups with a failing_since, in its order instead of that of last_change.' })),
    order: z._default(z.enum(ORDERS, `must be one of ${ORDERS.join(', ')}`), 'newest').check(
      z.meta({
        description: 'The order of last_change. A cursor is valid only with the order and the failing of its listing.',
      }),
    ),
    changed_since: z.optional(
      z
        .pipe(
          z.iso.datetime({ offset: true, error: 'must be an RFC 3339 time, such as 2026-01-31T08:00:00Z' }),
          // No group changed before the epoch, and positions have no sign.
          z.transform((text: string) => Math.max(0, Date.parse(text))),
        )
        .check(
          z.meta({
            type: 'string',
            format: 'date-time',
            description:
              'The first last_change of the listing. Only with order=oldest and without failing; a cursor continues its own listing.',
          }),
        ),
    ),
    cursor,
    limit,
  }),
  answers: {
    200: {
      description:
        'A page of groups. A page can hold fewer groups than limit before the end of the list. With order=newest, a ' +
        'group that changes during the listing, or in the 5 seconds before it, can be missing or appear twice. With ' +
        'order=oldest, such a group can appear twice, and no group that matches throughout is missing. The exception ' +
        'is a group that changed in the 5 seconds before a page: it can be missing, and is then on the first pages ' +
        'of order=newest.',
      schema: z.object({ items: z.array(GroupView), next_cursor: nextCursor }).check(z.meta({ id: 'GroupPage' })),
      headers: ETAG,
    },
    304: UNCHANGED,
  },
  failures: { 400: 'INVALID_REQUEST: A parameter is invalid or unknown.' },
} as const satisfies Route;

export const getGroup = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}',
  lambda: 'groups',
  access: 'viewer',
  takesKeys: true,
  headers: IF_NONE_MATCH,
  summary: 'Returns a tracked group',
  parameters,
  answers: {
    200: {
      description: 'The state of the group, with the times of its last and next refresh.',
      schema: GroupView,
      headers: ETAG,
    },
    304: UNCHANGED,
  },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;

export const refreshGroup = {
  ...NO_INPUT,
  method: 'POST',
  path: '/groups/{result_id}/refresh',
  lambda: 'groups',
  access: 'operator',
  takesKeys: true,
  summary: 'Requests a refresh of a group now',
  parameters,
  answers: {
    202: {
      description: 'A refresh that begins after this call is queued. Several requests share one refresh.',
      schema: Accepted,
    },
  },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;
