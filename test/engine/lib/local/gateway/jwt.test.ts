import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { CognitoIdentityProviderClient, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import * as jose from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { answering, guarded, httpApi, identity, lambda } from '../support/assembly.ts';
import { run, runHere, temporaryDirectory } from '../support/running.ts';

const SCOPE = 'aws.cognito.signin.user.admin';
const directory = temporaryDirectory();
const echo = { bundles: { echo: answering('event.requestContext.authorizer') } };
const outputs = {
  ClientId: { Ref: 'Client' },
  Issuer: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Pool', 'ProviderName'] }]] },
};

let stack: LocalStack;
let tokens: { access: string; id: string };
let foreign: jose.CryptoKey;

beforeAll(async () => {
  const resources = { ...identity(), ...httpApi({ 'GET /me': 'Echo' }, guarded([SCOPE])), Echo: lambda('echo') };
  stack = await run({ ...echo, resources, outputs }, directory.path);
  stack.addUser({ email: 'grouped@example.com', password: 'grouped-password', groups: ['admin', 'viewer'] });
  tokens = await login(stack, 'grouped@example.com', 'grouped-password');
  foreign = (await jose.generateKeyPair('RS256')).privateKey;
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

async function login(at: LocalStack, USERNAME: string, PASSWORD: string) {
  const cognito = new CognitoIdentityProviderClient({
    endpoint: at.cognitoEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  });
  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: at.outputs.ClientId,
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
  return { access: AuthenticationResult?.AccessToken ?? '', id: AuthenticationResult?.IdToken ?? '' };
}

const call = (authorization?: string, at = stack) =>
  fetch(`${at.url}/me`, { headers: authorization === undefined ? {} : { authorization } });
const part = (token: string, index: number) => token.split('.')[index] ?? '';
const json = (encoded: string): object => JSON.parse(Buffer.from(encoded, 'base64url').toString());
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = () => Math.floor(Date.now() / 1000);

describe('an access token of the local issuer', () => {
  it.each(['Bearer ', 'bearer ', ''])('passes with "%s" in front, its claims as text', async (prefix) => {
    const answer = await call(prefix + tokens.access);
    expect(answer.status).toBe(200);
    const { jwt } = z
      .object({ jwt: z.object({ claims: z.record(z.string(), z.string()), scopes: z.array(z.string()) }) })
      .parse(await answer.json());
    expect(jwt.scopes).toEqual([SCOPE]);
    expect(jwt.claims).toMatchObject({
      token_use: 'access',
      client_id: stack.outputs.ClientId,
      iss: stack.outputs.Issuer,
      scope: SCOPE,
      'cognito:groups': '[admin viewer]',
    });
    expect(Number(jwt.claims.exp)).toBeGreaterThan(seconds());
  });
});

describe('a request is refused', () => {
  const refused = async (authorization: string | undefined, challenge: string) => {
    const answer = await call(authorization);
    expect([answer.status, await answer.text()]).toEqual([401, '{"message":"Unauthorized"}']);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
  };
  const invalid = (why: string) => `Bearer scope="" error="invalid_token" error_description="${why}"`;

  it('without a token', () => refused(undefined, 'Bearer'));

  it('with text that is no token', () => refused('Bearer nonsense', invalid('the token cannot be decoded')));

  it.each(['=', '=='])('with a token that base64 pads with "%s", in any of its parts', async (padding) => {
    for (const at of [0, 1, 2]) {
      const parts = tokens.access.split('.').map((one, i) => (i === at ? one + padding : one));
      await refused(`Bearer ${parts.join('.')}`, invalid('the token cannot be decoded'));
    }
  });

  it('with a token signed by another key under the same name', async () => {
    const { kid } = z.object({ kid: z.string() }).parse(json(part(tokens.access, 0)));
    const claims = { ...json(part(tokens.access, 1)) };
    const token = await new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(foreign);
    await refused(token, invalid('the signature is invalid'));
  });

  it('with a token of an unknown key, or of none', async () => {
    const claims = { ...json(part(tokens.access, 1)) };
    const unknown = new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unknown' });
    await refused(await unknown.sign(foreign), invalid('the signing key is unknown'));
    const nameless = new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256' });
    await refused(await nameless.sign(foreign), invalid('the token does not name its key'));
  });

  it('with a token whose claims were changed', async () => {
    const changed = encode({ ...json(part(tokens.access, 1)), username: 'someone-else' });
    const token = [part(tokens.access, 0), changed, part(tokens.access, 2)].join('.');
    await refused(token, invalid('the signature is invalid'));
  });

  it('with alg none, signed or not', async () => {
    const header = encode({ ...json(part(tokens.access, 0)), alg: 'none' });
    for (const signature of ['', part(tokens.access, 2)]) {
      await refused(
        [header, part(tokens.access, 1), signature].join('.'),
        invalid('the signing algorithm is not supported'),
      );
    }
  });

  it('with a token signed with HS256 and the public key as its secret', async () => {
    const pool = stack.outputs.Issuer?.split('/').at(-1);
    const url = `${stack.cognitoEndpoint}/${pool}/.well-known/jwks.json`;
    const { keys } = z
      .object({ keys: z.array(z.looseObject({ n: z.string() })) })
      .parse(await (await fetch(url)).json());
    const signed = `${encode({ ...json(part(tokens.access, 0)), alg: 'HS256' })}.${part(tokens.access, 1)}`;
    const signature = createHmac('sha256', Buffer.from(keys[0]?.n ?? '', 'base64url'))
      .update(signed)
      .digest('base64url');
    await refused(`${signed}.${signature}`, invalid('the signing algorithm is not supported'));
  });

  it('with an id token, which has no scope: 403', async () => {
    const answer = await call(`Bearer ${tokens.id}`);
    expect([answer.status, await answer.text()]).toEqual([403, '{"message":"Forbidden"}']);
    expect(answer.headers.get('www-authenticate')).toContain('error="insufficient_scope"');
  });
});

describe('the claims that an HTTP API checks', () => {
  const ISSUER_CLAIMS = { client_id: 'client', scope: 'read write' };
  let outside: { url: string; key: jose.CryptoKey; close(): void };
  let there: LocalStack;

  // An issuer that is not of the template: found by its discovery document.
  beforeAll(async () => {
    const { publicKey, privateKey } = await jose.generateKeyPair('RS512');
    const jwk = { ...(await jose.exportJWK(publicKey)), kid: 'outside', alg: 'RS512' };
    const server = createServer((request, response) => {
      const document =
        request.url === '/keys' ? { keys: [jwk] } : { issuer: outside.url, jwks_uri: `${outside.url}/keys` };
      response.end(JSON.stringify(document));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    outside = { url: `http://127.0.0.1:${port}`, key: privateKey, close: () => server.close() };
    const authorizer = {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['client', 'other'], Issuer: outside.url },
      },
    };
    const resources = {
      ...httpApi({ 'GET /me': 'Echo' }, guarded(['admin', 'write'])),
      Authorizer: authorizer,
      Echo: lambda('echo'),
    };
    there = await run({ ...echo, resources }, `${directory.path}/outside`);
  });
  afterAll(async () => {
    await there.close();
    outside.close();
  });

  const status = async (claims: jose.JWTPayload) => {
    const now = seconds();
    const payload = { iss: outside.url, iat: now, exp: now + 60, ...ISSUER_CLAIMS, ...claims };
    const token = await new jose.SignJWT(payload)
      .setProtectedHeader({ alg: 'RS512', kid: 'outside' })
      .sign(outside.key);
    return (await call(token, there)).status;
  };

  it.each<[number, string, () => jose.JWTPayload]>([
    [200, 'client_id among the audience and any of the scopes', () => ({})],
    [200, 'aud among the audience, whatever client_id says', () => ({ aud: ['x', 'other'], client_id: 'stranger' })],
    [401, 'aud not among the audience, whatever client_id says', () => ({ aud: 'stranger' })],
    [401, 'neither aud nor client_id', () => ({ client_id: undefined })],
    [401, 'another issuer', () => ({ iss: 'https://example.com' })],
    [401, 'an expiry in the past', () => ({ exp: seconds() - 1 })],
    [401, 'no expiry', () => ({ exp: undefined })],
    [401, 'a beginning in the future', () => ({ nbf: seconds() + 30 })],
    [401, 'an issue in the future', () => ({ iat: seconds() + 30 })],
    [200, 'a scope in scp', () => ({ scope: undefined, scp: ['write'] })],
    [403, 'none of the scopes', () => ({ scope: 'read writer' })],
    [403, 'no scope at all', () => ({ scope: undefined })],
  ])('%i for %s', async (expected, _, claims) => {
    expect(await status(claims())).toBe(expected);
  });
});

it('an id token passes where no scope is required, as in AWS', async () => {
  const resources = { ...identity(), ...httpApi({ 'GET /me': 'Echo' }, guarded()), Echo: lambda('echo') };
  const open = await runHere({ ...echo, resources, outputs });
  const { id } = await login(open, 'operator@example.com', 'local-password');
  const answer = await call(id, open);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ jwt: { scopes: null, claims: { token_use: 'id' } } });
});

it('an issuer that cannot be reached refuses every token', async () => {
  const resources = {
    ...httpApi({ 'GET /me': 'Echo' }, guarded()),
    ...identity(),
    Authorizer: {
      Type: 'AWS::ApiGatewayV2::Authorizer',
      Properties: {
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Audience: ['client'], Issuer: 'http://127.0.0.1:9' },
      },
    },
    Echo: lambda('echo'),
  };
  const closed = await runHere({ ...echo, resources, outputs });
  expect((await call(tokens.access, closed)).status).toBe(401);
});
