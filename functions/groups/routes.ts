import * as z from 'zod/mini';
import { PHASES } from '../domain/group/phase.ts';
import { ORDERS } from '../domain/group/position.ts';
import { ResultId } from '../domain/group/result-id.ts';
import { GroupView } from '../domain/groups/group-view.ts';
import { NO_INPUT, type Route } from '../route.ts';
import { integer } from '../runtime/rest/request.ts';

/** Groups that one call follows, at most. */
const MAX_IDS = 100;

export const parameters = z.object({ result_id: ResultId });
export const NOT_TRACKED = 'NOT_FOUND: nobody follows this group, or it was erased.';
export const NO_ID = 'INVALID_ID: result_id is not a UUID.';
export const limit = z._default(integer(1, 100), 20).check(z.meta({ description: 'Entries, at most.' }));
export const cursor = z.optional(z.string()).check(z.meta({ description: 'The next_cursor of the answer before.' }));
export const nextCursor = z.nullable(z.string()).check(z.meta({ description: 'Where to go on; null: that was all.' }));

export const postGroups = {
  ...NO_INPUT,
  method: 'POST',
  path: '/groups',
  lambda: 'groups',
  access: 'operator',
  summary: 'Follow groups from now on',
  body: z.object({
    result_ids: z
      .array(ResultId, 'must be a list')
      .check(z.minLength(1, `must hold 1 to ${MAX_IDS} ids`), z.maxLength(MAX_IDS, `must hold 1 to ${MAX_IDS} ids`)),
  }),
  answers: {
    202: {
      description: 'The first look at each is queued.',
      schema: z.object({
        accepted: z.array(z.string()).check(z.meta({ description: 'Those that were not followed before.' })),
        known: z.array(z.string()).check(z.meta({ description: 'Those that were.' })),
      }),
    },
  },
  failures: {
    400: 'An id is no UUID, or there are none or too many: none is followed.',
    429: 'QUOTA_EXCEEDED: more new groups than the caller’s quota of the day leaves; none is followed. Calls at the same time may exceed the quota.',
  },
} as const satisfies Route;

export const listGroups = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups',
  lambda: 'groups',
  access: 'viewer',
  summary: 'The groups that are followed, in the order of their last change',
  query: z.object({
    phase: z.optional(z.enum(PHASES, `must be one of ${PHASES.join(', ')}`)),
    overall_status: z.optional(z.string().check(z.maxLength(100, 'is too long'))),
    order: z
      ._default(z.enum(ORDERS, `must be one of ${ORDERS.join(', ')}`), 'newest')
      .check(z.meta({ description: 'Of last_change. A cursor goes with its order.' })),
    cursor,
    limit,
  }),
  answers: {
    200: {
      description:
        'A page, with fewer than limit also before the end. ' +
        'order=newest may miss or repeat a group that changes during the listing or in the 5 seconds before it. ' +
        'order=oldest may repeat it, and misses none that matches throughout; only a group that changed in the 5 seconds before a page can be missing, and is then on the first pages of order=newest.',
      schema: z.object({ items: z.array(GroupView), next_cursor: nextCursor }),
    },
  },
  failures: { 400: 'A parameter is unusable.' },
} as const satisfies Route;

export const getGroup = {
  ...NO_INPUT,
  method: 'GET',
  path: '/groups/{result_id}',
  lambda: 'groups',
  access: 'viewer',
  summary: 'One group that is followed',
  parameters,
  answers: { 200: { description: 'What is known of it, and when it is looked at.', schema: GroupView } },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;

export const refreshGroup = {
  ...NO_INPUT,
  method: 'POST',
  path: '/groups/{result_id}/refresh',
  lambda: 'groups',
  access: 'operator',
  summary: 'Look at a group now',
  parameters,
  answers: {
    202: {
      description: 'A look that begins after now is queued, one however many ask.',
      schema: z.object({ accepted: z.literal(true) }),
    },
  },
  failures: { 400: NO_ID, 404: NOT_TRACKED },
} as const satisfies Route;
