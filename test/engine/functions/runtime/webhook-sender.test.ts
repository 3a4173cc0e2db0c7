import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod/mini';
import { newSigningSecret } from '../../../../functions/adapters/secrets/signing-secret.ts';
import { SenderEnv } from '../../../../functions/runtime/webhook-env.ts';
import { secretBoxFrom, urlCheckFrom, webhookSenderFrom } from '../../../../functions/runtime/webhook-sender.ts';
import { serveAwsJson } from '../../../../lib/local/http/aws-json.ts';

const parsed = (values: Record<string, string> = {}) =>
  z.object(SenderEnv).parse({
    KEYRING_SECRET_ARN: 'arn:keyring',
    WEBHOOK_ALLOWED_HOSTS: '',
    WEBHOOK_ALLOWED_PORTS: '443',
    OWN_HOSTS: '',
    WEBHOOK_ALLOW_LOOPBACK: 'false',
    ...values,
  });

describe('the variables of a function that sends webhooks', () => {
  it.each([
    [{}, 'https://hooks.example.com', undefined],
    [{}, 'https://hooks.example.com:8443', 'must have the port 443'],
    [{ WEBHOOK_ALLOWED_PORTS: '8443,9443' }, 'https://hooks.example.com:9443', undefined],
    [{ WEBHOOK_ALLOWED_HOSTS: 'a.example.com,*.b.example.com' }, 'https://x.b.example.com', undefined],
    [
      { WEBHOOK_ALLOWED_HOSTS: 'a.example.com,*.b.example.com' },
      'https://hooks.example.com',
      'must have one of the allowed host names',
    ],
    [
      { OWN_HOSTS: 'x.example.com,api.example.com' },
      'https://api.example.com',
      'must not have a host name of this service',
    ],
    [{}, 'http://127.0.0.1:3000', 'must be an https URL'],
    [{ WEBHOOK_ALLOW_LOOPBACK: 'true' }, 'http://127.0.0.1:3000', undefined],
  ])('%j decide that %s has the fault %s', async (values, url, expected) => {
    expect(urlCheckFrom(parsed(values))(url)).toBe(expected);
  });

  it('decide for the sender, too', async () => {
    const request = { url: 'http://127.0.0.1:1', id: 'evt_1', body: '{}', secrets: [newSigningSecret()] };
    expect(await webhookSenderFrom(parsed()).send(request)).toMatchObject({ answer: 'REFUSED_ADDRESS' });
    const local = webhookSenderFrom(parsed({ WEBHOOK_ALLOW_LOOPBACK: 'true' }));
    expect(await local.send(request)).toMatchObject({ answer: 'CONNECT' });
  });

  it('name the keyring, which is read with the first secret', async () => {
    const arns: unknown[] = [];
    const service = await serveAwsJson({
      operations: {
        GetSecretValue(input) {
          arns.push(input);
          return { SecretString: JSON.stringify({ key: 'k'.repeat(64) }) };
        },
      },
    });
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await service.close();
    });
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', service.url);
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
    const box = secretBoxFrom(parsed());
    expect(arns).toEqual([]);
    expect(await box.open(await box.seal('secret', 'we_1', 1), 'we_1', 1)).toBe('secret');
    expect(arns).toEqual([{ SecretId: 'arn:keyring' }]);
  });
});
