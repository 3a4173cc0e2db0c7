import * as z from 'zod/mini';
import { type ApiKey, KEY_ROLES } from '../../../domain/api-keys/api-key.ts';
import { API_KEYS, expiryAfter, rowBase, SCHEMA } from '../layout/keys.ts';

/** Days for which an ended key stays in the list. */
const LISTED_DAYS = 30;

const Secret = z.object({ hash: z.string(), until: z.optional(z.number()) });
const KeyRow = z.object({
  ...rowBase,
  name: z.string(),
  role: z.enum(KEY_ROLES),
  created_by: z.string(),
  created_at: z.number(),
  rotated: z.optional(z.object({ at: z.number(), by: z.string() })),
  expires_at: z.number(),
  lifetime_days: z.number(),
  secrets: z.tuple([Secret], Secret),
  revision: z.number(),
});

export const apiKeyKey = (id: string) => ({ pk: API_KEYS, sk: id });

export function apiKeyOf(item: unknown): ApiKey {
  const row = KeyRow.parse(item);
  const [current, ...replaced] = row.secrets.map(({ hash, until }) => ({ hash, until }));
  if (!current) throw new Error('a key has a secret');
  return {
    id: row.sk,
    name: row.name,
    role: row.role,
    createdBy: row.created_by,
    createdAt: row.created_at,
    rotated: row.rotated,
    expiresAt: row.expires_at,
    lifetimeDays: row.lifetime_days,
    secrets: [current, ...replaced],
    revision: row.revision,
  };
}

export const apiKeyRow = (key: ApiKey) => ({
  ...apiKeyKey(key.id),
  v: SCHEMA,
  name: key.name,
  role: key.role,
  created_by: key.createdBy,
  created_at: key.createdAt,
  rotated: key.rotated,
  expires_at: key.expiresAt,
  lifetime_days: key.lifetimeDays,
  secrets: key.secrets,
  revision: key.revision,
  expires: expiryAfter(key.expiresAt, LISTED_DAYS),
});
