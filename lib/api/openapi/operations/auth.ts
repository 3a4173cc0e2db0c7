import { invalid, type Operation } from './operation.ts';

const tokens = (access: string, refresh: string) => ({ access_token: access, refresh_token: refresh });

const UNAVAILABLE: Operation['failures'] = {
  429: { error_code: 'QUOTA_EXCEEDED', message: 'There are too many logins at the moment. Try again later.' },
  503: { error_code: 'INTERNAL_SERVER_ERROR', message: 'Logins are not possible at the moment. Try again later.' },
};

export const login: Operation = {
  description:
    'Exchanges the email and the password of a user for an access token and a refresh token. The answer does not ' +
    'reveal whether an email has an account.',
  body: { email: 'operator@example.com', password: 'local-password' },
  answers: { 200: tokens('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'a-refresh-token') },
  failures: {
    400: invalid('password', 'is required'),
    401: { error_code: 'INVALID_CREDENTIALS', message: 'Email or password is wrong.' },
    403: {
      error_code: 'FORBIDDEN',
      message:
        'This user must complete a further step (such as MFA), which this login does not support. Use another user, or ' +
        'ask an administrator.',
    },
    ...UNAVAILABLE,
  },
};

export const refreshTokens: Operation = {
  description:
    'Exchanges a refresh token for a new access token and a new refresh token. The old refresh token does not work ' +
    'any more.',
  body: { refresh_token: 'a-refresh-token' },
  answers: { 200: tokens('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', 'another-refresh-token') },
  failures: {
    400: invalid('refresh_token', 'must be a string'),
    401: { error_code: 'INVALID_TOKEN', message: 'The refresh token is not valid any more. Log in again.' },
    ...UNAVAILABLE,
  },
};
