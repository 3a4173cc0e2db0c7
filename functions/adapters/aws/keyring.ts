import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { encryptionKey, type Keyring } from '../secrets/encryption-key.ts';
import { cachedForAMinute, type SecretReader } from './secret.ts';

/** Long enough that it can not be guessed. The deployment generates 64 letters and digits. */
const KeyText = z.string().check(z.minLength(32), z.maxLength(1024));
/**
 * The value of the keyring's secret. Fields of an operator's own beside these are ignored. To rotate,
 * `npm run put-credentials` puts a new text into `key` and the one before into `previous_keys`, where it stays while
 * stored secrets need it.
 */
export const KeyringValue = z.object({
  key: KeyText,
  previous_keys: z.optional(z.array(KeyText).check(z.maxLength(16))),
});

/** The secret holds no usable key. Webhooks wait until an operator corrects it. */
class UnusableKeyring extends Error {
  override readonly name = 'UnusableKeyring';
}

/**
 * Reads the keys of the signing secrets.
 * @param now ms since the epoch.
 * @throws UnusableKeyring if the value does not match `KeyringValue`; the SDK's error if it cannot be read.
 */
export const keyringReader = (client: SecretsManagerClient, arn: string, now: () => number): SecretReader<Keyring> =>
  cachedForAMinute(async () => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    const { key, previous_keys = [] } = parse(SecretString);
    return [encryptionKey(key), ...previous_keys.map(encryptionKey)];
  }, now);

function parse(text: string): z.infer<typeof KeyringValue> {
  try {
    return KeyringValue.parse(JSON.parse(text));
  } catch {
    // A parser's error quotes the secret, so it does not become the cause.
    throw new UnusableKeyring('the keyring of webhooks holds no usable key');
  }
}
