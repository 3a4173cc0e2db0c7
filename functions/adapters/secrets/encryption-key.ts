import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

export interface EncryptionKey {
  /** Names the key in what it encrypted. It says nothing of the key. */
  readonly id: string;
  /** For AES-256. */
  readonly key: KeyObject;
}

/** The keys that can decrypt. The first one encrypts. */
export type Keyring = readonly [EncryptionKey, ...EncryptionKey[]];

const KEY_BYTES = 32;
const ID_BYTES = 8;

/** Derives a key and its id from a long random text (RFC 5869). The same text has the same key wherever it is. */
export function encryptionKey(text: string): EncryptionKey {
  const derive = (purpose: string, bytes: number) =>
    Buffer.from(hkdfSync('sha256', text, '', `anycheck-snapshots webhook secrets, ${purpose}`, bytes));
  return { id: derive('key id', ID_BYTES).toString('base64url'), key: createSecretKey(derive('key', KEY_BYTES)) };
}
