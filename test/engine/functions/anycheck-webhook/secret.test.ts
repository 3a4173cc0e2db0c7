import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anycheckWebhookSecretReader } from '../../../../functions/adapters/aws/anycheck-webhook-secret.ts';
import { serveAwsJson } from '../../../../lib/local/http/aws-json.ts';
import { CREDENTIALS, REGION } from '../../../../lib/local/names.ts';

const TOKEN = 'a-token-of-32-characters-or-more';

/** A Secrets Manager that counts how often it is asked, and a reader with a clock that is moved by hand. */
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
  return { secret, read: anycheckWebhookSecretReader(client, 'arn', () => secret.now) };
}

describe('the webhook secret', () => {
  it('is read once a minute: a new value is taken up then', async () => {
    const { secret, read } = await holding(JSON.stringify({ token: TOKEN }));
    expect(await read()).toEqual({ tokens: [TOKEN], signingSecrets: [] });
    secret.text = JSON.stringify({ token: `new-${TOKEN}`, previous_token: TOKEN });
    secret.now = 59_999;
    expect((await read()).tokens).toEqual([TOKEN]);
    expect(secret.reads).toBe(1);
    secret.now = 60_000;
    expect((await read()).tokens).toEqual([`new-${TOKEN}`, TOKEN]);
  });

  it('may hold two signing secrets, and what this service knows nothing of', async () => {
    const value = { token: TOKEN, signing_secret: 'new', previous_signing_secret: 'old', note: 'by ops' };
    const { read } = await holding(JSON.stringify(value));
    expect(await read()).toEqual({ tokens: [TOKEN], signingSecrets: ['new', 'old'] });
  });

  it.each([
    'not JSON',
    '{}',
    '{"token":""}',
    '{"token":"short"}',
    '{"token":"with/slashes/and?more"}',
    '{"token":"a-token-of-32-characters-or-more","previous_token":""}',
    '{"token":"a-token-of-32-characters-or-more","signing_secret":""}',
  ])('lets nothing in by %s, and is not quoted', async (text) => {
    const { secret, read } = await holding(text);
    const error = await read().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'UnusableWebhookSecret',
      message: 'the webhook secret holds no usable token',
    });
    expect(error).not.toHaveProperty('cause');
    secret.text = JSON.stringify({ token: TOKEN });
    expect((await read()).tokens).toEqual([TOKEN]);
  });
});
