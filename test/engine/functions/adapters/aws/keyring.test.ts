import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { keyringReader } from '../../../../../functions/adapters/aws/keyring.ts';
import { encryptionKey } from '../../../../../functions/adapters/secrets/encryption-key.ts';
import { secretBox } from '../../../../../functions/adapters/secrets/secret-box.ts';
import { serveAwsJson } from '../../../../../lib/local/http/aws-json.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';

const [A, B] = ['a'.repeat(64), 'b'.repeat(64)];
const value = (key: string, ...previous: readonly string[]) =>
  JSON.stringify(previous.length > 0 ? { key, previous_keys: previous } : { key });

/** A Secrets Manager that counts its reads, and a reader with a clock that is moved by hand. */
async function holding(text: string) {
  const secret = { text, reads: 0, now: 0 };
  const service = await serveAwsJson({
    operations: {
      GetSecretValue() {
        secret.reads++;
        return { SecretString: secret.text };
      },
    },
  });
  onTestFinished(() => service.close());
  const client = new SecretsManagerClient({ endpoint: service.url, region: REGION, credentials: CREDENTIALS });
  return { secret, read: keyringReader(client, 'arn', () => secret.now) };
}

describe('the keyring', () => {
  it('is read once a minute', async () => {
    const { secret, read } = await holding(value(A));
    const ids = async () => (await read()).map(({ id }) => id);
    expect(await ids()).toEqual([encryptionKey(A).id]);
    secret.text = value(B, A);
    secret.now = 59_999;
    expect(await ids()).toEqual([encryptionKey(A).id]);
    expect(secret.reads).toBe(1);
    secret.now = 60_000;
    expect(await ids()).toEqual([encryptionKey(B).id, encryptionKey(A).id]);
  });

  it('opens what another function has encrypted with a new key, without waiting for the minute', async () => {
    const { secret, read } = await holding(value(A));
    const box = secretBox(read);
    const old = await box.seal('old', 'we_1', 1);
    secret.text = value(B, A);
    const fresh = await secretBox((await holding(value(B, A))).read).seal('new', 'we_1', 2);
    expect(await box.open(fresh, 'we_1', 2)).toBe('new');
    expect(await box.open(old, 'we_1', 1)).toBe('old');
    expect(secret.reads).toBe(2);
  });

  it('is read anew once a minute at most, however many unknown keys are named', async () => {
    const { secret, read } = await holding(value(A));
    const foreign = await secretBox((await holding(value(B))).read).seal('x', 'we_1', 1);
    const box = secretBox(read);
    for (let times = 0; times < 10; times++)
      await expect(box.open(foreign, 'we_1', 1)).rejects.toMatchObject({ name: 'UnreadableSecret' });
    expect(secret.reads).toBe(2);
  });

  it('may hold what this service knows nothing of', async () => {
    const { read } = await holding(JSON.stringify({ key: A, previous_keys: [], changed_by: 'ops' }));
    expect(await read()).toHaveLength(1);
  });

  it.each([
    'not JSON',
    '{}',
    '{"key":""}',
    '{"key":"short"}',
    JSON.stringify({ key: A, previous_keys: B }),
    JSON.stringify({ key: A, previous_keys: ['short'] }),
    JSON.stringify({ key: A, previous_keys: [null] }),
  ])('has no usable key in %s, and is not quoted', async (text) => {
    const { secret, read } = await holding(text);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UnusableKeyring', message: 'the keyring of webhooks holds no usable key' });
    expect(error).not.toHaveProperty('cause');
    secret.text = value(A);
    expect(await read()).toHaveLength(1);
  });
});
