import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import type { LocalStack } from '../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../lib/local/names.ts';
import { LOCAL_MARK } from '../../../../lib/local-marks.ts';
import { run, runHere, scratch } from './support/running.ts';

const secret = (mark?: string) => ({
  Type: 'AWS::SecretsManager::Secret',
  ...(mark !== undefined && { Metadata: { [LOCAL_MARK]: mark } }),
});
const fixture = {
  resources: {
    Marked: secret('anycheck-credentials'),
    Webhook: secret('webhook-secret'),
    Keyring: secret('webhook-keyring'),
    Empty: secret('a-mark-without-a-value'),
  },
  outputs: Object.fromEntries(['Marked', 'Webhook', 'Keyring', 'Empty'].map((name) => [name, { Ref: name }])),
};

const read = async (stack: LocalStack, SecretId: string | undefined) => {
  const client = new SecretsManagerClient({
    endpoint: stack.secretsEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  });
  return client.send(new GetSecretValueCommand({ SecretId }));
};

it('a marked secret holds what the run was given, and what it is given later', async () => {
  const stack = await runHere(fixture, { anycheckCredentials: { email: 'a@example.com', password: 'p' } });
  const first = await read(stack, stack.outputs.Marked);
  expect(first).toMatchObject({
    ARN: stack.outputs.Marked,
    SecretString: '{"email":"a@example.com","password":"p"}',
    VersionStages: ['AWSCURRENT'],
    CreatedDate: expect.any(Date),
  });
  expect((await read(stack, stack.outputs.Marked)).VersionId).toBe(first.VersionId);

  stack.putSecret('anycheck-credentials', '{"api_key":"new"}');
  const second = await read(stack, stack.outputs.Marked);
  expect(second.SecretString).toBe('{"api_key":"new"}');
  expect(second.VersionId).not.toBe(first.VersionId);

  stack.putSecret('anycheck-credentials', undefined);
  await expect(read(stack, stack.outputs.Marked)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('the webhook secret holds the token that the run was given, or the same one on every machine', async () => {
  const given = await runHere(fixture, { webhookToken: 'a-token-of-my-own' });
  expect((await read(given, given.outputs.Webhook)).SecretString).toBe('{"token":"a-token-of-my-own"}');
  const usual = await runHere(fixture);
  expect((await read(usual, usual.outputs.Webhook)).SecretString).toBe('{"token":"local-webhook-token"}');
});

it('the keyring of webhooks is the same in every run of a data directory, and another one elsewhere', async () => {
  const keyringIn = async (directory: string) => {
    const stack = await run(fixture, directory);
    const { SecretString = '' } = await read(stack, stack.outputs.Keyring);
    await stack.close();
    return SecretString;
  };
  const directory = scratch();
  const keyring = await keyringIn(directory);
  expect(JSON.parse(keyring)).toEqual({ key: expect.stringMatching(/^[A-Za-z0-9]{64}$/), previous_keys: [] });
  expect(await keyringIn(directory)).toBe(keyring);
  expect(await keyringIn(scratch())).not.toBe(keyring);
});

it('a secret without a value, and one that is not there, are not found', async () => {
  const stack = await runHere(fixture);
  await expect(read(stack, stack.outputs.Empty)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: expect.stringContaining('AWSCURRENT'),
  });
  await expect(read(stack, 'stranger')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

it('a secret without a mark is refused', async () => {
  await expect(runHere({ resources: { Plain: secret() } })).rejects.toThrow('Plain (AWS::SecretsManager::Secret)');
});
