import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { credentialsReader } from '../../../../../functions/adapters/anycheck/credentials.ts';
import { secretsClient } from '../../../../../functions/adapters/aws/secret.ts';
import { serveAwsJson } from '../../../../../lib/local/http/aws-json.ts';

/** A Secrets Manager that counts how often it is asked. */
async function secretOf(text: () => string) {
  let reads = 0;
  const service = await serveAwsJson({
    operations: { GetSecretValue: () => ({ SecretString: text(), VersionId: String(++reads) }) },
  });
  return { ...service, reads: () => reads };
}

describe('the AnyCheck credentials', () => {
  it('are read once a minute, and anew at most once a minute however often they are refused', async () => {
    const secret = await secretOf(() => '{"api_key":"k"}');
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv('AWS_ENDPOINT_URL_SECRETS_MANAGER', secret.url);
    for (const name of ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'x');
    let now = 0;
    const credentials = credentialsReader(secretsClient(), 'arn', () => now);
    await credentials();
    await credentials();
    expect(secret.reads()).toBe(1);
    for (let times = 0; times < 20; times++) await credentials({ anew: true });
    expect(secret.reads()).toBe(2);
    now += 59_999;
    await credentials({ anew: true });
    expect(secret.reads()).toBe(2);
    now += 1;
    await credentials();
    expect(secret.reads()).toBe(3);
    await credentials({ anew: true });
    expect(secret.reads()).toBe(4);
    await secret.close();
  });
});
