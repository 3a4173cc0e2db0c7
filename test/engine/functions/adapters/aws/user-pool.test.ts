import { createServer } from 'node:http';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type UserPool, userPool } from '../../../../../functions/adapters/aws/user-pool.ts';
import { ApiError } from '../../../../../functions/runtime/rest/api-error.ts';
import { type Served, serve } from '../../../../../lib/local/http/serve.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';

/** Cognito, of which the test says what it answers. */
let answer: { status: number; body: object };
let operations: string[] = [];
let cognito: Served;
let pool: UserPool;
beforeAll(async () => {
  cognito = await serve(
    createServer((request, response) => {
      operations.push(String(request.headers['x-amz-target']).split('.')[1] ?? '');
      request.resume();
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify(answer.body));
    }),
  );
  const client = { endpoint: cognito.url, region: REGION, credentials: CREDENTIALS, maxAttempts: 2 };
  pool = userPool(new CognitoIdentityProviderClient(client), 'client');
});
afterAll(() => cognito.close());
beforeEach(() => {
  operations = [];
});

const thrown = (type: string, status = 400) => {
  answer = { status, body: { __type: type, message: 'User budi@example.com does not exist.' } };
};
const refusalOf = async (call: Promise<unknown>): Promise<ApiError> => {
  const error = await call.then(
    () => undefined,
    (one: unknown) => one,
  );
  if (error instanceof ApiError) return error;
  throw new Error('it was not refused', { cause: error });
};
const fieldsOf = ({ status, code, message, errors, retryAfter }: ApiError) => ({
  status,
  code,
  message,
  errors,
  retryAfter,
});

describe('whatever Cognito says of credentials that don’t fit', () => {
  it.each([
    ...[
      'NotAuthorizedException',
      'UserNotFoundException',
      'UserNotConfirmedException',
      'PasswordResetRequiredException',
    ],
    'InvalidParameterException',
  ])('%s: a login hears the same, after one call', async (type) => {
    thrown(type);
    expect(fieldsOf(await refusalOf(pool.login('budi@example.com', 'secret')))).toEqual({
      status: 401,
      code: 'INVALID_CREDENTIALS',
      message: 'Email or password is wrong.',
      errors: undefined,
      retryAfter: undefined,
    });
    expect(operations).toEqual(['InitiateAuth']);
  });

  it.each([
    ...['NotAuthorizedException', 'UserNotFoundException', 'InvalidParameterException', 'RefreshTokenReuseException'],
  ])('%s: a refresh hears the same, after one call', async (type) => {
    thrown(type);
    expect(fieldsOf(await refusalOf(pool.refresh('token')))).toMatchObject({ status: 401, code: 'INVALID_TOKEN' });
    expect(operations).toEqual(['GetTokensFromRefreshToken']);
  });
});

describe('what is not about the credentials', () => {
  it.each(['TooManyRequestsException', 'LimitExceededException'])('%s: later', async (type) => {
    thrown(type);
    const refusal = await refusalOf(pool.login('budi@example.com', 'secret'));
    expect(fieldsOf(refusal)).toMatchObject({ status: 429, code: 'QUOTA_EXCEEDED', retryAfter: 5 });
  });

  it.each([
    ['ResourceNotFoundException', 400],
    ['InternalErrorException', 500],
    ['ForbiddenException', 403],
  ])('%s: not possible, and no word of why', async (type, status) => {
    thrown(type, status);
    const refusal = await refusalOf(pool.login('budi@example.com', 'secret'));
    expect(fieldsOf(refusal)).toMatchObject({ status: 503, code: 'INTERNAL_SERVER_ERROR', retryAfter: 5 });
    expect(refusal.message).not.toMatch(/budi|exist/);
  });

  it('a further step is reported, and gives no tokens', async () => {
    answer = { status: 200, body: { ChallengeName: 'SMS_MFA', Session: 'session' } };
    expect(fieldsOf(await refusalOf(pool.login('budi@example.com', 'secret')))).toMatchObject({ status: 403 });
  });
});
