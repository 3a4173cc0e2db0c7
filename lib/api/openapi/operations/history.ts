import { EXPIRED_VERSION, GROUP, INVALID_ID, invalid, NOT_TRACKED, type Operation, VERIFICATION } from './operation.ts';

export const groupHistory: Operation = {
  description:
    'Lists the retained versions of a group, newest first: their status, how many verifications each version added, ' +
    'removed and changed, and every change of a status. It contains no content of verifications.',
  parameters: { result_id: GROUP, cursor: 'MTc5NTkxMDQwMTMzMw' },
  answers: {
    200: {
      items: [
        {
          version: 2,
          at: '2026-11-29T00:08:03.729Z',
          confirmed_until: '2026-11-29T00:09:03.101Z',
          overall_status: 'COMPLETED',
          phase: 'settled',
          total: 3,
          transitions: [{ verification_id: VERIFICATION, from: 'IN_PROGRESS', to: 'COMPLETED' }],
          added: 0,
          removed: 0,
          changed: 1,
        },
      ],
      next_cursor: null,
    },
  },
  failures: { 400: INVALID_ID, 404: NOT_TRACKED },
};

export const groupStatuses: Operation = {
  description:
    'Lists the status of each verification of a retained version. It contains no content of verifications. With the ' +
    'transitions of the history, it makes a timeline of the group.',
  parameters: { result_id: GROUP, version: 1 },
  answers: { 200: { items: [{ id: VERIFICATION, status: 'IN_PROGRESS' }] } },
  failures: {
    400: invalid('version', 'is required'),
    404: NOT_TRACKED,
    406: {
      error_code: 'INVALID_REQUEST',
      message: 'This list is larger than 6 MB. Send Accept-Encoding: gzip.',
    },
    410: EXPIRED_VERSION,
    413: {
      error_code: 'INVALID_REQUEST',
      message: 'This list is larger than 6 MB even with gzip. Read the version page by page instead.',
    },
  },
};

export const diffGroup: Operation = {
  description:
    'Compares two retained versions of a group, in either direction. Each changed verification has a JSON Patch (RFC ' +
    '6902) from the one version to the other.',
  parameters: { result_id: GROUP, from: 1, to: 2 },
  answers: {
    200: {
      from: 1,
      to: 2,
      total: { from: 3, to: 3 },
      overall_status: { from: 'PARTIALLY_COMPLETED', to: 'COMPLETED' },
      verifications: [
        {
          verification_id: VERIFICATION,
          change: 'changed',
          from_index: 2,
          to_index: 2,
          moved: false,
          patch: [
            { op: 'replace', path: '/status', value: 'COMPLETED' },
            { op: 'remove', path: '/output/is_match_face' },
          ],
        },
      ],
    },
  },
  failures: {
    400: invalid('to', 'is required'),
    404: NOT_TRACKED,
    406: {
      error_code: 'INVALID_REQUEST',
      message: 'This diff is larger than 6 MB. Send Accept-Encoding: gzip.',
    },
    410: EXPIRED_VERSION,
    413: {
      error_code: 'INVALID_REQUEST',
      message: 'This diff is larger than 6 MB even with gzip. Read the two versions instead.',
    },
  },
};
