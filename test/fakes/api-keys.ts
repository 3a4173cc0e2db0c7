import { randomBytes } from 'node:crypto';
import { type ApiKey, DAY_MS } from '../../functions/domain/api-keys/api-key.ts';
import { hashOf } from '../../functions/domain/api-keys/check-key.ts';
import { ID_BYTES, keyText, SECRET_BYTES } from '../../functions/domain/api-keys/key-text.ts';
import { keyCaller } from '../../functions/runtime/middleware/key-caller.ts';
import { apiKey } from './key-store.ts';

/** What a caller sends as its key. */
export interface NewKey {
  readonly key: ApiKey;
  /** The text with the current secret. */
  readonly text: string;
}

export const newSecret = (): string => randomBytes(SECRET_BYTES).toString('hex');

/** A key that is valid for a day, unless the parts say otherwise. */
export function newKey(parts: Partial<ApiKey> = {}, secret = newSecret()): NewKey {
  const id = parts.id ?? randomBytes(ID_BYTES).toString('hex');
  const key = apiKey({
    id,
    createdAt: Date.now(),
    expiresAt: Date.now() + DAY_MS,
    lifetimeDays: 1,
    secrets: [{ hash: hashOf(secret), until: undefined }],
    ...parts,
  });
  return { key, text: keyText(id, secret) };
}

/** Lets no key in. */
export const NO_KEYS = keyCaller({ check: async () => ({ kind: 'unknown' }), used: async () => {} });
