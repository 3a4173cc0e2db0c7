import { afterEach, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../../../../functions/adapters/bundle-shims/credential-provider-node.ts';

afterEach(() => vi.unstubAllEnvs());

const set = (values: Readonly<Record<string, string>>) => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'])
    vi.stubEnv(name, values[name]);
};

it('gives the credentials that Lambda sets, the session’s token among them', async () => {
  set({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'token' });
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
});

it('does without a token where there is none', async () => {
  set({ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' });
  expect(await defaultProvider()()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
});

it.each([{ AWS_ACCESS_KEY_ID: 'id' }, { AWS_SECRET_ACCESS_KEY: 'secret' }, {}])(
  'says what is missing',
  async (values) => {
    set(values);
    await expect(defaultProvider()()).rejects.toThrow('no AWS credentials: Lambda sets AWS_ACCESS_KEY_ID');
  },
);
