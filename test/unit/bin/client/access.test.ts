import { describe, expect, it } from 'vitest';
import { accessFrom } from '../../../../bin/client/access.ts';

const API_URL = 'https://api.example.com/';
const url = 'https://api.example.com';
const login = { EMAIL: 'a@example.com', PASSWORD: 'p' };

describe('the variables of the programs', () => {
  it.each([
    [
      { API_KEY: 'k', TOKEN: 't', ...login },
      { kind: 'key', key: 'k' },
    ],
    [
      { API_KEY: '', TOKEN: 't', ...login },
      { kind: 'token', token: 't' },
    ],
    [login, { kind: 'login', email: 'a@example.com', password: 'p' }],
  ])('name the credentials: a key, else a token, else a login', (variables, credentials) => {
    expect(accessFrom({ API_URL, ...variables })).toEqual({ url, credentials });
  });

  it.each([{}, { API_URL: '' }, { API_URL: 'localhost:3000' }, { API_URL: 'ftp://example.com' }])(
    'are refused where API_URL is no address: %j',
    (variables) => {
      expect(() => accessFrom({ ...variables, TOKEN: 't' })).toThrow(/^API_URL must be /);
    },
  );

  it.each([{}, { EMAIL: 'a@example.com' }, { PASSWORD: 'secret-of-the-test' }])(
    'are refused without complete credentials, and no value is quoted: %j',
    (variables) => {
      expect(() => accessFrom({ API_URL, ...variables })).toThrow(
        /^Set API_KEY, TOKEN, or EMAIL and PASSWORD in the environment\. No secret can be an argument\.$/,
      );
    },
  );
});
