import * as z from 'zod';
import { type Tokens, userPool, userPoolClient } from '../adapters/user-pool.ts';
import { routeKey, routes } from '../routes.ts';
import { parseEnv } from '../runtime/env.ts';
import { http } from '../runtime/http.ts';
import { jsonBody } from '../runtime/json-body.ts';
import { Env } from './env.ts';

const text = z.string({ error: 'must be a string' }).min(1, 'must not be empty').max(4096, 'is too long');
const Login = z.object({ email: text, password: text });
const Refresh = z.object({ refresh_token: text });

const pool = userPool(userPoolClient(), parseEnv(Env).USER_POOL_CLIENT_ID);

const reply = ({ accessToken, refreshToken }: Tokens) => ({
  status: 200,
  headers: { 'cache-control': 'no-store' },
  body: JSON.stringify({ access_token: accessToken, refresh_token: refreshToken }),
});

export const handler = http(async (event) => {
  if (event.routeKey === routeKey(routes.refreshTokens)) {
    return reply(await pool.refresh(jsonBody(event, Refresh).refresh_token));
  }
  const { email, password } = jsonBody(event, Login);
  return reply(await pool.login(email, password));
});
