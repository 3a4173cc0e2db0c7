import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { loadSigningKey } from '../../lib/local/issuer/signing-key.ts';
import { CREDENTIALS, REGION } from '../../lib/local/names.ts';
import { openState } from '../../lib/local/state.ts';
import { failureOf, login, post, type Running, startRunning, Tokens, USER } from './running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running?.stop());

const Route = z.object({
  Type: z.literal('AWS::ApiGatewayV2::Route'),
  Properties: z.object({ RouteKey: z.string(), AuthorizationType: z.string() }),
});

/** Every guarded route of the synthesized template, as method and path. */
function guardedRoutes(): [string, string][] {
  const file = join(inject('assembly'), 'anycheck-snapshots-local.template.json');
  const { Resources } = z
    .object({ Resources: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  return Object.values(Resources).flatMap((resource): [string, string][] => {
    const route = Route.safeParse(resource).data?.Properties;
    if (route?.AuthorizationType !== 'JWT') return [];
    const [method = '', path = ''] =
      route.RouteKey === '$default' ? ['PUT', '/no/such/path'] : route.RouteKey.split(' ');
    return [[method, path]];
  });
}

/** Tokens by what is wrong with them, each otherwise right. */
async function badTokens(): Promise<Record<string, string>> {
  const { stack, token, dataDir } = running;
  const cognito = new CognitoIdentityProviderClient({
    endpoint: stack.cognitoEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  });
  const { AuthenticationResult: tokens } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: stack.outputs.UserPoolClientId,
      AuthParameters: { USERNAME: USER.email, PASSWORD: USER.password },
    }),
  );
  const [header = '', claims = '', signature = ''] = token.split('.');
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { alg, kid } = jose.decodeProtectedHeader(token);
  const payload = jose.decodeJwt(token);
  const state = openState(join(dataDir, 'state.db'));
  const key = await loadSigningKey(state);
  state.close();
  const { privateKey } = await jose.generateKeyPair('RS256');
  return {
    missing: '',
    foreign: await new jose.SignJWT(payload)
      .setProtectedHeader({ alg: String(alg), kid: String(kid) })
      .sign(privateKey),
    expired: await key.sign({ ...payload, iat: 1, exp: 2 }),
    tampered: [header, encoded({ ...payload, username: 'someone-else' }), signature].join('.'),
    'alg none': [encoded({ alg: 'none', kid }), claims, ''].join('.'),
    'id token': tokens?.IdToken ?? '',
  };
}

describe('every guarded route of the template', () => {
  it('refuses a token that is missing, foreign, expired, tampered with, unsigned or an id token', async () => {
    const routes = guardedRoutes();
    expect(routes.map(([method, path]) => `${method} ${path}`)).toContain('GET /verifications');
    const tokens = await badTokens();
    for (const [method, path] of routes) {
      const ask = (token: string) =>
        running.call(path, { method, headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
      for (const [kind, token] of Object.entries(tokens)) {
        const { status } = await ask(token);
        expect([method, path, kind, status]).toEqual([method, path, kind, kind === 'id token' ? 403 : 401]);
      }
      const { status } = await ask(running.token);
      expect([method, path, [200, 400, 404].includes(status) ? 'let in' : status]).toEqual([method, path, 'let in']);
    }
  });

  it('leaves /health and the two auth routes open', async () => {
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

  it('tells a user with a pending challenge what to do: 403 FORBIDDEN', async () => {
    for (const challenge of ['NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA']) {
      const user = { email: `${challenge}@example.com`, password: 'temporary-1' };
      running.stack.addUser({ ...user, challenge });
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
