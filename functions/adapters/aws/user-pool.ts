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
  /** @throws ApiError 401 for a wrong email or password (never telling which), 403 where Cognito wants another step first. */
  login(email: string, password: string): Promise<Tokens>;
  /** Uses a refresh token up. @throws ApiError 401 for one that isn't good any more. */
  refresh(refreshToken: string): Promise<Tokens>;
}

/** What a caller of a password login can't do here, in words of what to do instead. */
const CHALLENGES = new Map([
  [
    'NEW_PASSWORD_REQUIRED',
    'This user still has a temporary password. An administrator sets a permanent one: aws cognito-idp admin-set-user-password --permanent.',
  ],
]);
const OTHER_CHALLENGE =
  'This user has to pass a further step (such as MFA), which this login does not offer. Use a user without it, or ask an administrator.';

/** What Cognito throws for credentials that don't fit, and for users who can't log in: to the caller all the same. */
const REFUSALS = new Set([
  'NotAuthorizedException',
  'UserNotFoundException',
  'UserNotConfirmedException',
  'PasswordResetRequiredException',
  'InvalidParameterException',
  'RefreshTokenReuseException',
]);
const THROTTLES = new Set(['TooManyRequestsException', 'LimitExceededException', 'TooManyFailedAttemptsException']);
/** Seconds. */
const RETRY_AFTER = 5;

export const userPoolClient = (): CognitoIdentityProviderClient =>
  new CognitoIdentityProviderClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  });

/** Logins through a Cognito user pool. Both of its operations are public ones: the app client's id is all they need. */
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
        .catch(fail(new ApiError(401, 'INVALID_TOKEN', 'The refresh token is not good any more. Log in again.')));
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
      ? ([429, 'QUOTA_EXCEEDED', 'Too many logins at once. Try again shortly.'] as const)
      : ([503, 'INTERNAL_SERVER_ERROR', 'Logins are not possible at the moment. Try again later.'] as const);
    throw new ApiError(status, code, message, { retryAfter: RETRY_AFTER, cause: error });
  };

function tokensOf(result: AuthenticationResultType | undefined): Tokens {
  const { AccessToken: accessToken, RefreshToken: refreshToken } = result ?? {};
  if (!accessToken || !refreshToken) throw new Error('Cognito answered without tokens');
  return { accessToken, refreshToken };
}
