import * as z from 'zod/mini';
import { iso } from '../iso-time.ts';
import { type ApiKey, isNearEnd, KEY_ROLES, NEAR_END } from './api-key.ts';
import { KEY_ID, KEY_PATTERN } from './key-text.ts';
import type { ListedKey } from './ports.ts';

const meta = (description: string) => z.meta({ description });
const time = z.iso.datetime();

const fields = {
  id: z.string().check(z.regex(KEY_ID)),
  name: z.string(),
  role: z.enum(KEY_ROLES),
  created_by: z.string().check(meta('The subject of the admin’s token.')),
  created_at: time,
  rotated_by: z
    .nullable(z.string())
    .check(meta('The subject of the token of the admin who rotated the key last; null before the first rotation.')),
  rotated_at: z.nullable(time).check(meta('When the key was rotated last; null where it never was.')),
  expires_at: time.check(meta('When the key ends, with all its secrets.')),
  expires_soon: z.boolean().check(meta(`Whether the key is valid and ends within ${NEAR_END}.`)),
  status: z.enum(['active', 'expired']),
};
const text = z
  .string()
  .check(z.regex(KEY_PATTERN), meta('The key, which callers send as X-API-Key. No other call returns it.'));

/** A key in the list. Times as RFC 3339, in UTC. */
export const KeyView = z
  .object({
    ...fields,
    last_used_on: z
      .nullable(z.iso.date())
      .check(meta('The day of the last call with the key, in UTC; null where there was none.')),
  })
  .check(z.meta({ id: 'ApiKey' }));

/** A new key. */
export const CreatedKey = z.object({ ...fields, key: text }).check(z.meta({ id: 'CreatedApiKey' }));

/** A key with a new secret. */
export const RotatedKeyView = z
  .object({
    ...fields,
    key: text,
    previous_ends_at: time.check(meta('From then on, the secret before is refused.')),
  })
  .check(z.meta({ id: 'RotatedApiKey' }));

/** What a key is, without its secrets. @param now ms since the epoch. */
export const keyView = (key: ApiKey, now: number) => ({
  id: key.id,
  name: key.name,
  role: key.role,
  created_by: key.createdBy,
  created_at: iso(key.createdAt),
  rotated_by: key.rotated?.by ?? null,
  rotated_at: key.rotated ? iso(key.rotated.at) : null,
  expires_at: iso(key.expiresAt),
  expires_soon: isNearEnd(key, now),
  status: now < key.expiresAt ? ('active' as const) : ('expired' as const),
});

/** The views of keys, in the order of their creation. @param now ms since the epoch. */
export const listView = (listed: readonly ListedKey[], now: number): z.input<typeof KeyView>[] =>
  listed
    .toSorted((one, other) => one.key.createdAt - other.key.createdAt)
    .map(({ key, lastUsedOn }) => ({ ...keyView(key, now), last_used_on: lastUsedOn ?? null }));
