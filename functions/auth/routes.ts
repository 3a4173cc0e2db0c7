import * as z from 'zod/mini';
import { FOR_ANYBODY, NO_INPUT, NOTHING, type Route } from '../route.ts';

const text = z
  .string({ error: 'must be a string' })
  .check(z.minLength(1, 'must not be empty'), z.maxLength(4096, 'is too long'));
const Tokens = z
  .object({
    access_token: z
      .string()
      .check(z.meta({ description: 'The token for the Authorization header of all other calls, after "Bearer ".' })),
    refresh_token: z.string().check(z.meta({ description: 'POST /auth/refresh accepts it once, for new tokens.' })),
  })
  .check(z.meta({ id: 'Tokens' }));
const answers = { 200: { description: 'The new tokens.', schema: Tokens } };
/** AnyCheck's own routes. Like AnyCheck, they ignore unknown parameters and members. */
const INPUT = { ...NO_INPUT, query: NOTHING };
const RETRY = {
  429: 'QUOTA_EXCEEDED: Cognito throttles the attempts. Retry after Retry-After seconds.',
  503: 'INTERNAL_SERVER_ERROR: Cognito is not available. Retry after Retry-After seconds.',
};

export const login = {
  ...INPUT,
  method: 'POST',
  path: '/auth/login',
  lambda: 'auth',
  ...FOR_ANYBODY,
  summary: 'Logs a user in with email and password',
  body: z.object({ email: text, password: text }).check(z.meta({ id: 'LoginRequest' })),
  answers,
  failures: {
    400: 'INVALID_REQUEST: A field is missing or invalid.',
    401: 'INVALID_CREDENTIALS: The email or the password is wrong.',
    403: 'FORBIDDEN: The user must complete another step first, such as MFA or a new password.',
    ...RETRY,
  },
} as const satisfies Route;

export const refreshTokens = {
  ...INPUT,
  method: 'POST',
  path: '/auth/refresh',
  lambda: 'auth',
  ...FOR_ANYBODY,
  summary: 'Trades a refresh token for new tokens',
  body: z.object({ refresh_token: text }).check(z.meta({ id: 'RefreshTokensRequest' })),
  answers,
  failures: {
    400: 'INVALID_REQUEST: The refresh token is missing or is not a text.',
    401: 'INVALID_TOKEN: The refresh token is not valid, or not valid any more.',
    ...RETRY,
  },
} as const satisfies Route;
