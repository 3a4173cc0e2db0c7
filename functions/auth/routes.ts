import * as z from 'zod/mini';
import { FOR_ANYBODY, NO_INPUT, type Route } from '../route.ts';

const text = z
  .string({ error: 'must be a string' })
  .check(z.minLength(1, 'must not be empty'), z.maxLength(4096, 'is too long'));
const Tokens = z.object({
  access_token: z
    .string()
    .check(z.meta({ description: 'For the Authorization header of all other calls, behind "Bearer ".' })),
  refresh_token: z.string().check(z.meta({ description: 'Good once, for new tokens.' })),
});
const answers = { 200: { description: 'Tokens.', schema: Tokens } };
const LATER = {
  429: 'More attempts than Cognito lets through; Retry-After says when to come back.',
  503: 'Cognito can’t be asked; Retry-After says when to come back.',
};

export const login = {
  ...NO_INPUT,
  method: 'POST',
  path: '/auth/login',
  lambda: 'auth',
  ...FOR_ANYBODY,
  summary: 'Log in with email and password',
  body: z.object({ email: text, password: text }),
  answers,
  failures: {
    400: 'A field is missing or unusable.',
    401: 'INVALID_CREDENTIALS: email or password is wrong.',
    403: 'FORBIDDEN: the user has to take another step first.',
    ...LATER,
  },
} as const satisfies Route;

export const refreshTokens = {
  ...NO_INPUT,
  method: 'POST',
  path: '/auth/refresh',
  lambda: 'auth',
  ...FOR_ANYBODY,
  summary: 'Trade a refresh token for new tokens',
  body: z.object({ refresh_token: text }),
  answers,
  failures: {
    400: 'The field is missing or unusable.',
    401: 'INVALID_TOKEN: the refresh token is not good, or not any more.',
    ...LATER,
  },
} as const satisfies Route;
