import { randomUUID } from 'node:crypto';
import type { PoolClient } from './pools.ts';
import type { SigningKey } from './signing-key.ts';
import type { PoolUser } from './users.ts';

export interface TokenRequest {
  readonly client: PoolClient;
  readonly user: PoolUser;
  /** Seconds since the epoch. */
  readonly now: number;
  readonly authTime: number;
  readonly originJti: string;
}

/** The access token of a machine's client, with Cognito's claims. @param now in seconds since the epoch. */
export const signMachineToken = (key: SigningKey, client: PoolClient, scopes: readonly string[], now: number) =>
  key.sign({
    sub: client.id,
    token_use: 'access',
    scope: scopes.join(' '),
    auth_time: now,
    iss: client.pool.issuer,
    exp: now + client.accessSeconds,
    iat: now,
    version: 2,
    jti: randomUUID(),
    client_id: client.id,
  });

/** The only scope of an access token from a password login. */
const SCOPE = 'aws.cognito.signin.user.admin';

/** The access token and the id token of a user, with Cognito's claims. */
export async function signTokens(key: SigningKey, request: TokenRequest) {
  const { client, user, now, authTime, originJti } = request;
  const common = {
    sub: user.sub,
    ...(user.groups?.length && { 'cognito:groups': [...user.groups] }),
    iss: client.pool.issuer,
    origin_jti: originJti,
    event_id: randomUUID(),
    auth_time: authTime,
    iat: now,
  };
  const [AccessToken, IdToken] = await Promise.all([
    key.sign({
      ...common,
      client_id: client.id,
      token_use: 'access',
      scope: SCOPE,
      exp: now + client.accessSeconds,
      jti: randomUUID(),
      username: user.sub,
    }),
    key.sign({
      ...common,
      aud: client.id,
      token_use: 'id',
      'cognito:username': user.sub,
      email: user.email,
      email_verified: true,
      exp: now + client.idSeconds,
      jti: randomUUID(),
    }),
  ]);
  return { AccessToken, IdToken, ExpiresIn: client.accessSeconds, TokenType: 'Bearer' };
}
