import { type Tokens, userPool, userPoolClient } from '../adapters/user-pool.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { Env } from './env.ts';
import { login, refreshTokens } from './routes.ts';

const pool = userPool(userPoolClient(), parseEnv(Env).USER_POOL_CLIENT_ID);

const reply = ({ accessToken, refreshToken }: Tokens) => ({
  status: 200,
  headers: { 'cache-control': 'no-store' },
  body: JSON.stringify({ access_token: accessToken, refresh_token: refreshToken }),
});

export const handler = api([
  endpoint(login, async ({ body }) => reply(await pool.login(body.email, body.password))),
  endpoint(refreshTokens, async ({ body }) => reply(await pool.refresh(body.refresh_token))),
]);
