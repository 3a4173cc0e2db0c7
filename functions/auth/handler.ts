import { type Tokens, userPool, userPoolClient } from '../adapters/aws/user-pool.ts';
import { api, endpoint } from '../runtime/api.ts';
import { parseEnv } from '../runtime/env.ts';
import { log } from '../runtime/log/log.ts';
import { ApiError } from '../runtime/rest/api-error.ts';
import { Env } from './env.ts';
import { login, refreshTokens } from './routes.ts';

const pool = userPool(userPoolClient(), parseEnv(Env).USER_POOL_CLIENT_ID);

const reply = ({ accessToken, refreshToken }: Tokens) => ({
  status: 200,
  headers: { 'cache-control': 'no-store' },
  body: JSON.stringify({ access_token: accessToken, refresh_token: refreshToken }),
});

/** Logs the outcome of a login, without the email: a user can type a password into that field. */
async function counted(login: Promise<Tokens>): Promise<Tokens> {
  try {
    const tokens = await login;
    log('info', 'login.done', {}, { Logins: 1 });
    return tokens;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) log('warn', 'login.refused', {}, { RefusedLogins: 1 });
    throw error;
  }
}

export const handler = api([
  endpoint(login, async ({ body }) => reply(await counted(pool.login(body.email, body.password)))),
  endpoint(refreshTokens, async ({ body }) => reply(await pool.refresh(body.refresh_token))),
]);
