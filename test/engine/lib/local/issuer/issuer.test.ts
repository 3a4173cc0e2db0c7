import {
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { identity } from '../support/assembly.ts';
import { run, temporaryDirectory } from '../support/running.ts';

const USERNAME = 'Someone@example.com';
const PASSWORD = 'a password of their own';
const user = { email: 'someone@example.com', password: PASSWORD };
const resources = { ...identity(), Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } } };
const fixture = { resources, outputs: { ClientId: { Ref: 'Client' } } };
const directory = temporaryDirectory();
let stack: LocalStack;

beforeAll(async () => {
  stack = await run(fixture, directory.path, { user });
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

const cognito = (at = stack) =>
  new CognitoIdentityProviderClient({ endpoint: at.cognitoEndpoint, region: REGION, credentials: CREDENTIALS });

const initiate = (AuthParameters: Record<string, string>, at = stack, more: object = {}) =>
  cognito(at).send(
    new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId: at.outputs.ClientId, AuthParameters, ...more }),
  );
const login = async (at = stack) => {
  const { AuthenticationResult } = await initiate({ USERNAME, PASSWORD }, at);
  return AuthenticationResult ?? {};
};
const refresh = async (RefreshToken: string | undefined, at = stack) => {
  const command = new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: at.outputs.ClientId });
  const { AuthenticationResult } = await cognito(at).send(command);
  return AuthenticationResult ?? {};
};

describe('a password login', () => {
  it('gives tokens like those of Cognito', async () => {
    const result = await login();
    expect(result).toMatchObject({ ExpiresIn: 1800, TokenType: 'Bearer' });
    const access = decodeJwt(result.AccessToken ?? '');
    const id = decodeJwt(result.IdToken ?? '');
    expect(access).toMatchObject({
      token_use: 'access',
      client_id: stack.outputs.ClientId,
      scope: 'aws.cognito.signin.user.admin',
      username: access.sub,
    });
    expect(access.iss).toMatch(/^https:\/\/cognito-idp\.ap-southeast-3\.amazonaws\.com\/ap-southeast-3_/);
    expect((access.exp ?? 0) - (access.iat ?? 0)).toBe(1800);
    expect(access).not.toHaveProperty('aud');
    expect(access).not.toHaveProperty('cognito:groups');
    expect(id).toMatchObject({ token_use: 'id', aud: stack.outputs.ClientId, email: user.email, sub: access.sub });
    expect(id).not.toHaveProperty('scope');
  });

  it.each([
    ['a wrong password', { USERNAME, PASSWORD: 'wrong' }],
    ['an unknown user', { USERNAME: 'nobody@example.com', PASSWORD }],
    ['an empty password', { USERNAME: 'nobody@example.com', PASSWORD: '' }],
  ])('with %s is refused in the same words', async (_, parameters) => {
    await expect(initiate(parameters)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Incorrect username or password.',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('ends in a challenge, and in no tokens, for a user who has one pending', async () => {
    stack.addUser({ email: 'new@example.com', password: 'temporary', challenge: 'NEW_PASSWORD_REQUIRED' });
    const answer = await initiate({ USERNAME: 'new@example.com', PASSWORD: 'temporary' });
    expect(answer).toMatchObject({ ChallengeName: 'NEW_PASSWORD_REQUIRED', Session: expect.any(String) });
    expect(answer.AuthenticationResult).toBeUndefined();
    await expect(initiate({ USERNAME: 'new@example.com', PASSWORD })).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
  });

  it.each([
    ['a client that is not there', { ClientId: 'stranger' }, 'ResourceNotFoundException'],
    ['a missing password', { AuthParameters: { USERNAME } }, 'InvalidParameterException'],
    ['a flow that the client has not', { AuthFlow: 'USER_SRP_AUTH' }, 'InvalidParameterException'],
    ['a refresh by InitiateAuth', { AuthFlow: 'REFRESH_TOKEN_AUTH' }, 'InvalidParameterException'],
  ])('with %s is an error of its own', async (_, more, name) => {
    await expect(initiate({ USERNAME, PASSWORD }, stack, more)).rejects.toMatchObject({ name });
  });

  it('is not the only thing in Cognito, and the rest says that it is not here', async () => {
    await expect(cognito().send(new GetUserCommand({ AccessToken: 'x' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
    });
  });
});

describe('a refresh token', () => {
  it('gives new tokens of the same login, and a successor', async () => {
    const first = await login();
    const second = await refresh(first.RefreshToken);
    expect(second.RefreshToken).not.toBe(first.RefreshToken);
    const [one, two] = [decodeJwt(first.AccessToken ?? ''), decodeJwt(second.AccessToken ?? '')];
    expect(two).toMatchObject({ sub: one.sub, auth_time: one.auth_time, origin_jti: one.origin_jti });
    expect(two.jti).not.toBe(one.jti);
    expect((await refresh(second.RefreshToken)).AccessToken).toBeDefined();
  });

  it('is refused once it has been used', async () => {
    const { RefreshToken } = await login();
    const attempts = await Promise.allSettled([refresh(RefreshToken), refresh(RefreshToken), refresh(RefreshToken)]);
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(refresh(RefreshToken)).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    });
  });

  it('that the issuer did not issue is refused', async () => {
    await expect(refresh('made-up')).rejects.toMatchObject({
      name: 'NotAuthorizedException',
      message: 'Invalid Refresh Token',
    });
  });
});

it('a later start knows the keys and the refresh tokens of an earlier one', async () => {
  const place = temporaryDirectory();
  const before = await run(fixture, place.path, { user });
  const used = await login(before);
  const unused = await refresh(used.RefreshToken, before);
  const keys = async (at: LocalStack) => {
    const pool = decodeJwt(used.AccessToken ?? '')
      .iss?.split('/')
      .at(-1);
    return (await fetch(`${at.cognitoEndpoint}/${pool}/.well-known/jwks.json`)).json();
  };
  const keysBefore = await keys(before);
  await before.close();

  const after = await run(fixture, place.path, { user });
  expect(await keys(after)).toEqual(keysBefore);
  await expect(refresh(used.RefreshToken, after)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  expect((await refresh(unused.RefreshToken, after)).AccessToken).toBeDefined();
  await after.close();
  place.remove();
});
