import {
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { ApiError } from '../../runtime/rest/api-error.ts';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface UserPool {
  /**
   * @throws ApiError 401 if the email or the password is wrong, without naming which; 403 if Cognito requires a further
   * step.
   */
  login(email: string, password: string): Promise<Tokens>;
  /**
   * Trades a refresh token, which is valid once, for new tokens.
   * @throws ApiError 401 if the refresh token is not valid.
   */
  refresh(refreshToken: string): Promise<Tokens>;
}

/**
 * The error messages for Cognito's challenges, which this login cannot answer. Each message says what to do instead.
 */
const CHALLENGES = new Map([
  [
    'NEW_PASSWORD_REQUIRED',
    'This user still has a temporary password. An administrator must set a permanent one with aws cognito-idp ' +
      'admin-set-user-password --permanent.',
  ],
]);
const OTHER_CHALLENGE =
  'This user must complete a further step (such as MFA), which this login does not support. Use another user, or ask ' +
  'an administrator.';

/**
 * Cognito's errors for wrong credentials and for users who cannot log in. The caller receives the same error for all of
 * them.
 */
const REFUSALS = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
  'InvalidParameterException',
  'RefreshTokenReuseException',
]);
/** Cognito's errors for too many requests. */
const THROTTLES = new Set(['TooManyRequestsException', 'LimitExceededException', 'TooManyFailedAttemptsException']);
const RETRY_AFTER_SECONDS = 5;

export const userPoolClient = (): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

/** Logins through a Cognito user pool. Both operations are public in Cognito: they need only the app client's id. */
export function userPool(client: CognitoIdentityProviderClient, clientId: string): UserPool {
  return {
    async login(email, password) {
      const answer = await client
        .send(
          new InitiateAuthCommand({
            ClientId: clientId,
            AuthFlow: 'USER_PASSWORD_AUTH',
            AuthParameters: { USERNAME: email, PASSWORD: password },
          }),
        )
        .catch(fail(new ApiError(401, 'INVALID_CREDENTIALS', 'Email or password is wrong.')));
      if (answer.ChallengeName) {
        throw new ApiError(403, 'FORBIDDEN', CHALLENGES.get(answer.ChallengeName) ?? OTHER_CHALLENGE);
      }
      return tokensOf(answer.AuthenticationResult);
    },

    async refresh(refreshToken) {
      const answer = await client
        .send(new GetTokensFromRefreshTokenCommand({ ClientId: clientId, RefreshToken: refreshToken }))
        .catch(fail(new ApiError(401, 'INVALID_TOKEN', 'The refresh token is not valid any more. Log in again.')));
      return tokensOf(answer.AuthenticationResult);
    },
  };
}

const fail =
  (refusal: ApiError) =>
  (error: unknown): never => {
    const name = error instanceof Error ? error.name : '';
    if (REFUSALS.has(name)) throw refusal;
    const [status, code, message] = THROTTLES.has(name)
      ? ([429, 'QUOTA_EXCEEDED', 'There are too many logins at the moment. Try again later.'] as const)
      : ([503, 'INTERNAL_SERVER_ERROR', 'Logins are not possible at the moment. Try again later.'] as const);
    throw new ApiError(status, code, message, { retryAfter: RETRY_AFTER_SECONDS, cause: error });
  };

function tokensOf(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken: accessToken, RefreshToken: refreshToken } = result ?? {};
  if (!accessToken || !refreshToken) throw new Error('Cognito answered without tokens');
  return { accessToken, refreshToken };
}
