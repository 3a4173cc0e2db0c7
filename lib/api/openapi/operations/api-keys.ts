import { invalid, type Operation, UNKNOWN_PARAMETER } from './operation.ts';

const ID = '8f14e45fceea167a';
/** A key of no deployment, with the checksum of its text. */
const KEY = 'acsnap_8f14e45fceea167a_6e6f742061207365637265742c20627574203332206279746573206c6f6e6721_3bf39c8d';
const ROTATED = 'acsnap_8f14e45fceea167a_6e6f74206120736563726574206569746865722c2033322062797465732e2e2e_e349f919';

const created = {
  id: ID,
  name: 'loan-origination',
  role: 'viewer',
  created_by: '3f6c2a10-5b1e-4c39-9d55-0a8e5b7d1f42',
  created_at: '2026-11-29T00:06:41.273Z',
  rotated_by: null,
  rotated_at: null,
  expires_at: '2027-02-27T00:06:41.273Z',
  expires_soon: false,
  status: 'active',
};

const INVALID_ID = {
  error_code: 'INVALID_ID',
  message: 'The request is not valid.',
  errors: [{ field: 'key_id', message: 'key_id must be the id of an API key.' }],
} satisfies Operation['failures'][number];
const NO_KEY = { error_code: 'NOT_FOUND', message: 'This API key does not exist.' } as const;
const CONFLICT = {
  error_code: 'INTERNAL_SERVER_ERROR',
  message: 'Other calls changed this at the same time. Try again.',
} as const;

export const createApiKey: Operation = {
  description:
    'Creates an API key, which callers send as `X-API-Key` to the routes below `/key`. No later call returns the key. ' +
    'At most 200 keys can exist.',
  body: { name: 'loan-origination', role: 'viewer', expires_in_days: 90 },
  answers: { 201: { ...created, key: KEY } },
  failures: { 400: invalid('role', 'must be one of viewer, operator'), 503: CONFLICT },
};

export const listApiKeys: Operation = {
  description: 'Lists all API keys, and the day on which each was last used. It shows no key.',
  answers: {
    200: {
      items: [
        { ...created, last_used_on: '2026-12-03' },
        {
          ...created,
          id: 'c9f0f895fb98ab91',
          name: 'intake',
          role: 'operator',
          created_at: '2026-11-29T00:08:04.112Z',
          expires_at: '2026-12-06T00:08:04.112Z',
          expires_soon: false,
          last_used_on: null,
        },
      ],
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
};

export const rotateApiKey: Operation = {
  description:
    'Makes a new secret of an API key, with the same id, name and role, and a new end. The key before stays valid for 24 ' +
    'hours by default, so that a program can change over. At most four are valid at once.',
  parameters: { key_id: ID },
  body: { previous_valid_hours: 24 },
  answers: {
    200: {
      ...created,
      rotated_by: 'b7d1f420-9d55-4c39-8e5b-3f6c2a105b1e',
      rotated_at: '2027-02-27T00:08:04.112Z',
      expires_at: '2027-05-28T00:08:04.112Z',
      key: ROTATED,
      previous_ends_at: '2027-02-28T00:08:04.112Z',
    },
  },
  failures: {
    400: invalid('previous_valid_hours', 'must be an integer from 0 to 168'),
    404: NO_KEY,
    429: {
      error_code: 'QUOTA_EXCEEDED',
      message:
        '4 secrets of this API key are valid already. Wait until one ends, or end all with previous_valid_hours 0.',
    },
    503: CONFLICT,
  },
};

export const revokeApiKey: Operation = {
  description: 'Deletes an API key with all its secrets.',
  destroys: 'This deletes the key for ever. Every program that uses it is refused.',
  parameters: { key_id: ID },
  answers: {},
  failures: { 400: INVALID_ID, 404: NO_KEY },
};
