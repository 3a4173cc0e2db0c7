import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { answering, guarded, httpApi, identity, lambda } from '../support/assembly.ts';
import { run, temporaryDirectory } from '../support/running.ts';

const client = (name: string, more: object = {}) => ({
  Type: 'AWS::Cognito::UserPoolClient',
  Properties: {
    UserPoolId: { Ref: 'Pool' },
    ClientName: name,
    GenerateSecret: true,
    AllowedOAuthFlowsUserPoolClient: true,
    AllowedOAuthFlows: ['client_credentials'],
    AllowedOAuthScopes: ['read', 'write'].map((scope) => ({ 'Fn::Join': ['/', [{ Ref: 'Scopes' }, scope]] })),
    ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    PreventUserExistenceErrors: 'ENABLED',
    AccessTokenValidity: 15,
    TokenValidityUnits: { AccessToken: 'minutes' },
    ...more,
  },
});
const { Authorizer, ...people } = identity();
const { JwtConfiguration } = Authorizer.Properties;
const fixture = {
  bundles: { echo: answering('event.requestContext.authorizer') },
  resources: {
    ...people,
    Authorizer: {
      ...Authorizer,
      Properties: {
        ...Authorizer.Properties,
        JwtConfiguration: { ...JwtConfiguration, Audience: [{ Ref: 'Client' }, { Ref: 'Robot' }] },
      },
    },
    Scopes: {
      Type: 'AWS::Cognito::UserPoolResourceServer',
      Properties: { UserPoolId: { Ref: 'Pool' }, Identifier: 'things' },
    },
    Domain: { Type: 'AWS::Cognito::UserPoolDomain', Properties: { UserPoolId: { Ref: 'Pool' }, Domain: 'ours' } },
    Robot: client('robot'),
    Other: client('other', { AllowedOAuthFlowsUserPoolClient: false }),
    ...httpApi({ 'GET /me': 'Echo' }, guarded(['login', 'things/write'])),
    Echo: lambda('echo'),
  },
  outputs: { Robot: { Ref: 'Robot' }, Domain: { Ref: 'Domain' }, Client: { Ref: 'Client' } },
};

const Token = z.strictObject({ access_token: z.string(), expires_in: z.int(), token_type: z.literal('Bearer') });
const directory = temporaryDirectory();
let stack: LocalStack;
beforeAll(async () => {
  stack = await run(fixture, directory.path);
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

const named = (name: string) => {
  const found = stack.machineClients.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no client ${name}`);
  return found;
};
const basic = ({ id, secret } = named('robot')) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});
const requestToken = (form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(stack.tokenUrl, { method: 'POST', body: new URLSearchParams(form), headers });
const grant_type = 'client_credentials';
const tokenFor = async (form: Record<string, string> = {}) =>
  Token.parse(await (await requestToken({ grant_type, ...form }, basic())).json());

describe('a client that logs in by itself', () => {
  it('gets a token like those of Cognito: about the client, with its scopes, without groups', async () => {
    const answer = await requestToken({ grant_type }, basic());
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const { access_token, expires_in } = Token.parse(await answer.json());
    expect(expires_in).toBe(900);
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'RS256', kid: expect.any(String) });
    const { iat = 0, exp = 0, iss, ...claims } = decodeJwt(access_token);
    expect(iss).toMatch(/^https:\/\/cognito-idp\.ap-southeast-3\.amazonaws\.com\/ap-southeast-3_/);
    expect(exp - iat).toBe(900);
    expect(claims).toEqual({
      sub: stack.outputs.Robot,
      client_id: stack.outputs.Robot,
      token_use: 'access',
      scope: 'things/read things/write',
      auth_time: iat,
      version: 2,
      jti: expect.any(String),
    });
  });

  it('may send id and secret in the form, or its id beside the header', async () => {
    const { id: client_id, secret: client_secret } = named('robot');
    expect((await requestToken({ grant_type, client_id, client_secret })).status).toBe(200);
    expect((await requestToken({ grant_type, client_id }, basic())).status).toBe(200);
  });

  it('gets the scopes that it requests, of those that it may have', async () => {
    const { access_token } = await tokenFor({ scope: 'things/read' });
    expect(decodeJwt(access_token).scope).toBe('things/read');
  });

  it('passes the gateway where its token has one of the route’s scopes', async () => {
    const status = async (scope: string) => {
      const { access_token } = await tokenFor({ scope });
      const answer = await fetch(`${stack.url}/me`, { headers: { authorization: `Bearer ${access_token}` } });
      return [answer.status, await answer.json()];
    };
    expect(await status('things/write')).toMatchObject([200, { jwt: { claims: { sub: stack.outputs.Robot } } }]);
    expect(await status('things/read')).toEqual([403, { message: 'Forbidden' }]);
  });

  it('has the same secret after a restart, and no other client’s', async () => {
    const before = stack.machineClients;
    expect(new Set(before.map(({ secret }) => secret)).size).toBe(2);
    for (const { secret } of before) expect(secret).toMatch(/^[a-z0-9]{52}$/);
    await stack.close();
    stack = await run(fixture, directory.path);
    expect(stack.machineClients).toEqual(before);
    expect((await requestToken({ grant_type }, basic())).status).toBe(200);
  });

  it('can’t be used to log a person in', async () => {
    const cognito = new CognitoIdentityProviderClient({
      endpoint: stack.cognitoEndpoint,
      region: REGION,
      credentials: CREDENTIALS,
    });
    const AuthParameters = { USERNAME: 'operator@example.com', PASSWORD: 'local-password' };
    const login = new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: named('robot').id,
      AuthParameters,
    });
    await expect(cognito.send(login)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });
});

describe('the token endpoint refuses', () => {
  it.each<[string, string, () => Promise<Response>]>([
    [
      'a wrong secret',
      'invalid_client',
      () => requestToken({ grant_type }, basic({ ...named('robot'), secret: 'wrong' })),
    ],
    ['an empty secret', 'invalid_client', () => requestToken({ grant_type }, basic({ ...named('robot'), secret: '' }))],
    ['an unknown client', 'invalid_client', () => requestToken({ grant_type, client_id: 'nobody', client_secret: '' })],
    [
      'people’s client, which has no secret',
      'invalid_client',
      () => requestToken({ grant_type, client_id: stack.outputs.Client ?? '', client_secret: '' }),
    ],
    [
      'the secret of another',
      'invalid_client',
      () => requestToken({ grant_type }, basic({ ...named('robot'), secret: named('other').secret })),
    ],
    ['a client without this flow', 'unauthorized_client', () => requestToken({ grant_type }, basic(named('other')))],
    [
      'a scope that it may not have',
      'invalid_scope',
      () => requestToken({ grant_type, scope: 'things/read things/all' }, basic()),
    ],
    ['another flow', 'unsupported_grant_type', () => requestToken({ grant_type: 'password' }, basic())],
    ['no flow', 'invalid_request', () => requestToken({}, basic())],
    ['no credentials', 'invalid_request', () => requestToken({ grant_type })],
    ['two kinds of credentials', 'invalid_request', () => requestToken({ grant_type, client_secret: 'x' }, basic())],
    ['two clients', 'invalid_request', () => requestToken({ grant_type, client_id: 'nobody' }, basic())],
    ['another kind of header', 'invalid_request', () => requestToken({ grant_type }, { authorization: 'Bearer x' })],
    ['JSON', 'invalid_request', () => requestToken({ grant_type }, { ...basic(), 'content-type': 'application/json' })],
  ])('%s: %s', async (_, error, call) => {
    const answer = await call();
    expect([answer.status, await answer.json()]).toEqual([400, { error }]);
  });

  it('other paths and methods', async () => {
    expect((await fetch(stack.tokenUrl)).status).toBe(405);
    expect((await fetch(stack.tokenUrl.replace('token', 'authorize'))).status).toBe(404);
  });
});
