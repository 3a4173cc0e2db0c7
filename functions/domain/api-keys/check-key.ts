import { createHash, timingSafeEqual } from 'node:crypto';
import type { ApiKey, KeyRole } from './api-key.ts';
import { parseKey } from './key-text.ts';

/** What a text that a caller sent as its key is. A key ends as a whole, or the secret of it that a rotation replaced. */
export type KeyVerdict =
  | { readonly kind: 'valid'; readonly id: string; readonly role: KeyRole }
  | { readonly kind: 'expired'; readonly id: string }
  | { readonly kind: 'unknown' };

const UNKNOWN = { kind: 'unknown' } as const;

/** The SHA-256 of a secret, in hexadecimal. A secret has 256 random bits, so a slow hash would add nothing. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/**
 * Checks a key.
 * @param find returns the key with an id. A text that is no key does not reach it.
 * @param now ms since the epoch.
 * @throws the error of `find`.
 */
export async function checkKey(
  find: (id: string) => Promise<ApiKey | undefined>,
  text: string,
  now: number,
): Promise<KeyVerdict> {
  const sent = parseKey(text);
  const key = sent && (await find(sent.id));
  if (!key) return UNKNOWN;
  const { id, role, expiresAt } = key;
  const hash = hashOf(sent.secret);
  const secret = key.secrets.find((one) => equal(one.hash, hash));
  if (!secret) return UNKNOWN;
  return now < Math.min(expiresAt, secret.until ?? expiresAt) ? { kind: 'valid', id, role } : { kind: 'expired', id };
}

/** Compares two hashes in constant time. */
const equal = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other));
