import { beforeAll, describe, expect, it } from 'vitest';
import { failureOf, login, post, Tokens } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

describe('without a token', () => {
  it('/health and the two auth routes are open', async () => {
    expect((await running.call('/health')).status).toBe(200);
    expect((await post(running.call, '/auth/login', USER)).status).toBe(200);
  });
});

describe('POST /auth/login', () => {
  it.each([
    ['a wrong password', { ...USER, password: 'wrong' }],
    ['an unknown user', { ...USER, email: 'nobody@example.com' }],
  ])('answers %s alike: 401 INVALID_CREDENTIALS', async (_, credentials) => {
    const response = await post(running.call, '/auth/login', credentials);
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      error_code: 'INVALID_CREDENTIALS',
      message: 'Email or password is wrong.',
    });
  });

  it('returns 403 FORBIDDEN and the next step to a user with a pending challenge', async () => {
    for (const challenge of ['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA']) {
      const user = { email: `${challenge}@example.com`, password: 'temporary-1' };
      await running.addUser({ ...user, challenge });
      const response = await post(running.call, '/auth/login', user);
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({
        error_code: 'FORBIDDEN',
        message: expect.stringContaining('dministrator'),
      });
    }
  });

  it.each([
    ['{', undefined],
    ['{"email":"a"}', 'password'],
    ['{"email":1,"password":"x"}', 'email'],
    ['[]', ''],
  ])('refuses the body %s with 400', async (body, field) => {
    const response = await running.call('/auth/login', { method: 'POST', body });
    expect(response.status).toBe(400);
    const error = await failureOf(response);
    expect(error.error_code).toBe('INVALID_REQUEST');
    expect(error.errors?.[0]?.field).toBe(field);
  });
});

describe('POST /auth/refresh', () => {
  it('gives new tokens and uses the refresh token up', async () => {
    const first = await login(running.call);
    const response = await post(running.call, '/auth/refresh', { refresh_token: first.refresh_token });
    expect(response.status).toBe(200);
    const second = Tokens.parse(await response.json());
    expect(second.refresh_token).not.toBe(first.refresh_token);
    const again = await post(running.call, '/auth/refresh', { refresh_token: first.refresh_token });
    expect(again.status).toBe(401);
    expect(await again.json()).toMatchObject({ error_code: 'INVALID_TOKEN' });
    const headers = { authorization: `Bearer ${second.access_token}` };
    expect((await running.call('/verifications?result_id=x', { headers })).status).toBe(400);
  });

  it('refuses nonsense', async () => {
    expect((await post(running.call, '/auth/refresh', { refresh_token: 'nonsense' })).status).toBe(401);
    expect((await post(running.call, '/auth/refresh', {})).status).toBe(400);
  });
});
