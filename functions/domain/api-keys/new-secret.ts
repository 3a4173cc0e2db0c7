import type { KeySecret } from './api-key.ts';
import { hashOf } from './check-key.ts';
import { keyText, SECRET_BYTES } from './key-text.ts';

export interface RandomDeps {
  /** Returns random bytes as hexadecimal digits. */
  readonly randomHex: (bytes: number) => string;
}

/** Makes a secret of a key. @returns the key as a caller sends it, and the secret as it is stored. */
export function newSecret(
  { randomHex }: RandomDeps,
  id: string,
): { readonly text: string; readonly stored: KeySecret } {
  const secret = randomHex(SECRET_BYTES);
  return { text: keyText(id, secret), stored: { hash: hashOf(secret), until: undefined } };
}
