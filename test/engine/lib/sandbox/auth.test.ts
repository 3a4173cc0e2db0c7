import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { bearer, handClock, KTP, logIn, refusal, runningSandbox, send, tokensOf } from './caller.ts';

const list = `/verifications?result_id=${KTP}`;

describe('the API key', () => {
  test('opens the list', async () => {
    const sandbox = await runningSandbox();
    const answer = await send(sandbox, 'GET', list, { headers: { 'x-api-key': sandbox.credentials.apiKey } });
    expect(answer.status).toBe(200);
  });

  test('is refused as INVALID_API_KEY when it is wrong', async () => {
    const answer = await send(await runningSandbox(), 'GET', list, { headers: { 'x-api-key': 'wrong' } });
    expect(refusal(answer)).toMatchObject({ status: 401, error_code: 'INVALID_API_KEY' });
  });

  test('can be chosen', async () => {
    const credentials = { apiKey: 'mine', email: 'me@example.com', password: 'secret' };
    const sandbox = await runningSandbox({ credentials });
    expect((await send(sandbox, 'GET', list, { headers: { 'x-api-key': 'mine' } })).status).toBe(200);
  });
});

describe('a login', () => {
  test('gives HS256 tokens that live an hour and 30 days', async () => {
    const { access_token, refresh_token } = await logIn(await runningSandbox());
    const lifetime = (token: string) => {
      const { exp = 0, iat = 0 } = decodeJwt(token);
      return exp - iat;
    };
    expect(decodeProtectedHeader(access_token).alg).toBe('HS256');
    expect([lifetime(access_token), lifetime(refresh_token)]).toEqual([3600, 30 * 86_400]);
  });

  test('opens the list with its access token', async () => {
    const sandbox = await runningSandbox();
    expect((await bearer(sandbox, (await logIn(sandbox)).access_token)).status).toBe(200);
  });

  test('is refused as INVALID_CREDENTIALS with a wrong password and a wrong email alike', async () => {
    const sandbox = await runningSandbox();
    const { email, password } = sandbox.credentials;
    const wrong = [
      { email, password: 'wrong' },
      { email: 'else@example.com', password },
    ];
    const answers = await Promise.all(wrong.map((body) => send(sandbox, 'POST', '/auth/login', { body })));
    expect(answers.map(refusal)).toEqual(
      Array(2).fill(expect.objectContaining({ status: 401, error_code: 'INVALID_CREDENTIALS' })),
    );
  });

  test('without its fields is INVALID_REQUEST naming them, and so is no JSON', async () => {
    const sandbox = await runningSandbox();
    const fields = refusal(await send(sandbox, 'POST', '/auth/login', { body: {} }));
    expect(fields).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
    expect(fields.errors?.map(({ field }) => field)).toEqual(['email', 'password']);
    const noJson = refusal(await send(sandbox, 'POST', '/auth/login', { body: '{' }));
    expect(noJson).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
  });
});

describe('one live session', () => {
  const gone = { status: 401, error_code: 'UNAUTHORIZED', message: 'session expired or logged in from another device' };

  test('a new login ends the one before, with both its tokens', async () => {
    const sandbox = await runningSandbox();
    const first = await logIn(sandbox);
    const second = await logIn(sandbox);
    expect(refusal(await bearer(sandbox, first.access_token))).toEqual(gone);
    const refreshed = await send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token: first.refresh_token } });
    expect(refusal(refreshed)).toEqual(gone);
    expect((await bearer(sandbox, second.access_token)).status).toBe(200);
  });

  test('a failed login ends nothing, and the API key needs no session', async () => {
    const sandbox = await runningSandbox();
    const { access_token } = await logIn(sandbox);
    await send(sandbox, 'POST', '/auth/login', { body: { email: sandbox.credentials.email, password: 'wrong' } });
    expect((await bearer(sandbox, access_token)).status).toBe(200);
    await send(sandbox, 'DELETE', '/_sandbox/session');
    expect(refusal(await bearer(sandbox, access_token))).toEqual(gone);
    const answer = await send(sandbox, 'GET', list, { headers: { 'x-api-key': sandbox.credentials.apiKey } });
    expect(answer.status).toBe(200);
  });
});

describe('a refresh', () => {
  test('rotates: the new tokens work, the old refresh token does not', async () => {
    const sandbox = await runningSandbox();
    const first = await logIn(sandbox);
    const use = () => send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token: first.refresh_token } });
    const second = tokensOf(await use());
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect((await bearer(sandbox, second.access_token)).status).toBe(200);
    expect(refusal(await use())).toMatchObject({ status: 401, error_code: 'INVALID_TOKEN' });
  });

  test('keeps the session: the access token before it lives on', async () => {
    const sandbox = await runningSandbox();
    const first = await logIn(sandbox);
    await send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token: first.refresh_token } });
    expect((await bearer(sandbox, first.access_token)).status).toBe(200);
  });

  test('takes no access token, and the list takes no refresh token', async () => {
    const sandbox = await runningSandbox();
    const { access_token, refresh_token } = await logIn(sandbox);
    const refreshed = await send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token: access_token } });
    expect(refusal(refreshed)).toMatchObject({ status: 401, error_code: 'INVALID_TOKEN' });
    expect(refusal(await bearer(sandbox, refresh_token))).toMatchObject({ status: 401, error_code: 'INVALID_TOKEN' });
  });
});

describe('a token', () => {
  test('expires after an hour, and a refresh still helps', async () => {
    const clock = handClock();
    const sandbox = await runningSandbox({ now: clock.now });
    const { access_token, refresh_token } = await logIn(sandbox);
    clock.forward(3599);
    expect((await bearer(sandbox, access_token)).status).toBe(200);
    clock.forward(2);
    expect(refusal(await bearer(sandbox, access_token))).toMatchObject({ status: 401, error_code: 'TOKEN_EXPIRED' });
    const renewed = tokensOf(await send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token } }));
    expect((await bearer(sandbox, renewed.access_token)).status).toBe(200);
  });

  test('is INVALID_TOKEN when it was tampered with, is unsigned or is no token at all', async () => {
    const sandbox = await runningSandbox();
    const { access_token } = await logIn(sandbox);
    const [, payload] = access_token.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [`${access_token.slice(0, -4)}AAAA`, unsigned, 'nonsense']) {
      expect(refusal(await bearer(sandbox, token))).toMatchObject({ status: 401, error_code: 'INVALID_TOKEN' });
    }
  });

  test('is required: nothing, or another scheme, is UNAUTHORIZED', async () => {
    const sandbox = await runningSandbox();
    const none = await send(sandbox, 'GET', list);
    const basic = await send(sandbox, 'GET', list, { headers: { authorization: 'Basic abc' } });
    for (const answer of [none, basic])
      expect(refusal(answer)).toMatchObject({ status: 401, error_code: 'UNAUTHORIZED' });
  });
});
