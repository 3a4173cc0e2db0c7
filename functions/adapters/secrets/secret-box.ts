import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SecretBox } from '../../domain/webhooks/ports.ts';
import type { Keyring } from './encryption-key.ts';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** The id of the key, the nonce, the ciphertext with its tag: base64url. */
const FORMAT = /^([\w-]+)\.([\w-]+)\.([\w-]+)$/;

/** A sealed secret can not be opened. The message contains neither a secret nor a key. */
class UnreadableSecret extends Error {
  override readonly name = 'UnreadableSecret';
}

/**
 * Encrypts signing secrets with AES-256-GCM. A sealed secret names its key, so that keys can change. It opens for the
 * endpoint and the version that it was sealed for, and for no other.
 * @param readKeyring called with `anew` for a key that the cached keyring does not have.
 */
export function secretBox(readKeyring: (options?: { readonly anew: boolean }) => Promise<Keyring>): SecretBox {
  async function keyOf(id: string) {
    const named = (keyring: Keyring) => keyring.find((one) => one.id === id);
    const key = named(await readKeyring()) ?? named(await readKeyring({ anew: true }));
    if (!key) throw new UnreadableSecret('the keyring has no key for a signing secret');
    return key;
  }

  return {
    async seal(secret, endpointId, version) {
      const [{ id, key }] = await readKeyring();
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(context(id, endpointId, version));
      const parts = [nonce, Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])];
      return [id, ...parts.map((part) => part.toString('base64url'))].join('.');
    },

    async open(sealed, endpointId, version) {
      const [, keyId = '', nonce = '', rest = ''] = FORMAT.exec(sealed) ?? [];
      const { id, key } = await keyOf(keyId);
      try {
        const text = bytesOf(rest);
        const decipher = createDecipheriv(ALGORITHM, key, bytesOf(nonce), { authTagLength: TAG_BYTES })
          .setAAD(context(id, endpointId, version))
          .setAuthTag(text.subarray(-TAG_BYTES));
        return Buffer.concat([decipher.update(text.subarray(0, -TAG_BYTES)), decipher.final()]).toString();
      } catch {
        throw new UnreadableSecret('a signing secret is damaged, or is that of another endpoint or version');
      }
    },

    async isCurrent(sealed) {
      const [{ id }] = await readKeyring();
      return sealed.startsWith(`${id}.`);
    },
  };
}

/** What a sealed secret is bound to. JSON keeps the parts distinct whatever they contain. */
const context = (...parts: readonly [keyId: string, endpointId: string, version: number]) =>
  Buffer.from(JSON.stringify(parts));

/** @throws an Error for a text that is not the one that the bytes have. */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error('no base64url');
  return bytes;
}
