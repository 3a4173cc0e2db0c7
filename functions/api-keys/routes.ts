import * as z from 'zod/mini';
import { KEY_ID } from '../domain/api-keys/key-text.ts';
import { CreatedKey, KeyView, RotatedKeyView } from '../domain/api-keys/key-view.ts';
import { NO_INPUT, type Route, UNKNOWN_PARAMETER } from '../route.ts';
import { idLike } from '../runtime/rest/id-like.ts';
import { NewKeySettings, RotationSettings } from './settings.ts';

/** A leaked key or machine secret cannot make a key, because these routes are for people alone. */
const FOR_ADMINS = { access: 'admin', isForPeople: true } as const;
const ofKey = z.object({ key_id: idLike(KEY_ID, 'an API key') });
const NO_ID = `INVALID_ID: key_id is malformed. ${UNKNOWN_PARAMETER}`;
const NO_KEY = 'NOT_FOUND: There is no such API key.';
const NOT_STORED = { 'cache-control': 'no-store: the answer holds a key.' };

export const createApiKey = {
  ...NO_INPUT,
  ...FOR_ADMINS,
  method: 'POST',
  path: '/api-keys',
  lambda: 'api-keys',
  summary: 'Creates an API key',
  body: NewKeySettings,
  answers: { 201: { description: 'The key, which is valid from now on.', schema: CreatedKey, headers: NOT_STORED } },
  failures: {
    400: 'INVALID_REQUEST: A field is invalid or unknown, or there are 200 keys already.',
    503: 'INTERNAL_SERVER_ERROR: Another key has the id.',
  },
} as const satisfies Route;

export const listApiKeys = {
  ...NO_INPUT,
  ...FOR_ADMINS,
  method: 'GET',
  path: '/api-keys',
  lambda: 'api-keys',
  summary: 'Lists the API keys',
  answers: {
    200: {
      description: 'All keys, in the order of their creation. An ended key stays in the list for 30 days.',
      schema: z.object({ items: z.array(KeyView) }).check(z.meta({ id: 'ApiKeyList' })),
    },
  },
  failures: { 400: UNKNOWN_PARAMETER },
} as const satisfies Route;

export const rotateApiKey = {
  ...NO_INPUT,
  ...FOR_ADMINS,
  method: 'POST',
  path: '/api-keys/{key_id}/rotate',
  lambda: 'api-keys',
  summary: 'Gives an API key a new secret and a new end, and ends the secret before in 24 hours',
  parameters: ofKey,
  body: RotationSettings,
  answers: {
    200: {
      description: 'The new key. It and the one before are valid until previous_ends_at.',
      schema: RotatedKeyView,
      headers: NOT_STORED,
    },
  },
  failures: {
    400: 'INVALID_ID: key_id is malformed. INVALID_REQUEST: A field is invalid or unknown.',
    404: NO_KEY,
    429: 'QUOTA_EXCEEDED: Four secrets of the key are valid already. Retry-After says when the first of them ends.',
    503: 'INTERNAL_SERVER_ERROR: Other calls changed the key at the same time.',
  },
} as const satisfies Route;

export const revokeApiKey = {
  ...NO_INPUT,
  ...FOR_ADMINS,
  method: 'DELETE',
  path: '/api-keys/{key_id}',
  lambda: 'api-keys',
  summary: 'Revokes an API key',
  parameters: ofKey,
  answers: {
    204: {
      description: 'Function instances that know the key refuse it within api_key_cache_seconds, others at once.',
    },
  },
  failures: { 400: NO_ID, 404: NO_KEY },
} as const satisfies Route;
