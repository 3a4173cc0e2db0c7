import { ETAG, GROUP, INVALID_ID, invalid, NOT_TRACKED, type Operation, OTHER_GROUP } from './operation.ts';

const group = {
  result_id: GROUP,
  version: 1,
  phase: 'settled',
  overall_status: 'COMPLETED',
  total: 3,
  status_counts: { COMPLETED: 3 },
  first_seen: '2026-11-29T00:06:41.273Z',
  last_attempt: '2026-11-29T00:06:41.976Z',
  last_success: '2026-11-29T00:06:41.976Z',
  last_change: '2026-11-29T00:06:41.333Z',
  last_error: null,
  failing_since: null,
  next_refresh: '2026-11-29T01:06:24.367Z',
  redacted: false,
};
/** A group whose first refresh failed. */
const failed = {
  ...group,
  result_id: OTHER_GROUP,
  version: null,
  phase: 'active',
  overall_status: null,
  total: null,
  status_counts: {},
  last_attempt: '2026-11-29T00:06:41.990Z',
  last_success: null,
  last_error: { code: 'TIMED_OUT', at: '2026-11-29T00:06:41.990Z', failures: 1 },
  failing_since: '2026-11-29T00:06:41.990Z',
};

export const trackGroups: Operation = {
  description:
    'Tracks 1 to 100 groups: the service refreshes them from now on, and queues the first refresh of each new group. A ' +
    'group may be tracked before it is submitted to AnyCheck. The service drops it if AnyCheck does not know it within ' +
    'a day.',
  body: { result_ids: [OTHER_GROUP, GROUP] },
  answers: { 202: { accepted: [OTHER_GROUP], known: [GROUP] } },
  failures: {
    400: invalid('result_ids', 'must hold 1 to 100 ids'),
    429: {
      error_code: 'QUOTA_EXCEEDED',
      message:
        'Your daily quota does not allow this many new groups. Name fewer groups, or try again after midnight UTC.',
    },
  },
};

export const listGroups: Operation = {
  description:
    'Lists the state of the tracked groups, without their content. To follow changes, list with order=oldest and ' +
    'continue from the last cursor.',
  parameters: {
    overall_status: 'COMPLETED',
    changed_since: '2026-11-29T00:00:00Z',
    cursor: 'eyJvcmRlciI6Im5ld2VzdCJ9',
    'if-none-match': ETAG,
  },
  answers: { 200: { items: [group, failed], next_cursor: null } },
  failures: { 400: invalid('overall_staus', 'is unknown. Did you mean overall_status?') },
};

export const getGroup: Operation = {
  description: 'Returns the state of one tracked group, without its content. The call does not refresh the group.',
  parameters: { result_id: GROUP, 'if-none-match': ETAG },
  answers: { 200: group },
  failures: { 400: INVALID_ID, 404: NOT_TRACKED },
};

export const refreshGroup: Operation = {
  description:
    'Queues a refresh of a tracked group, and does not wait for it. Requests for the same group share one refresh, ' +
    'which begins after the last of them.',
  parameters: { result_id: GROUP },
  answers: { 202: { accepted: true } },
  failures: { 400: INVALID_ID, 404: NOT_TRACKED },
};
