import { createHash } from 'node:crypto';

/** Characters of a hash, 96 bits. */
const HASH_LENGTH = 16;

export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('base64url').slice(0, HASH_LENGTH);
}
