import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../http/aws-json.ts';
import type { State } from '../storage/state.ts';
import type { PoolClient } from './pools.ts';

const Grant = z.object({
  clientId: z.string(),
  sub: z.string(),
  /** Seconds since the epoch. */
  authTime: z.number(),
  expires: z.number(),
  /** When its successor was issued, in seconds since the epoch. From then on the token is refused. */
  replaced: z.number().optional(),
  originJti: z.string(),
});
type Grant = z.infer<typeof Grant>;

/** Opaque refresh tokens. Their hashes are on disk before a token is returned. */
export interface RefreshTokens {
  issue(grant: Omit<Grant, 'replaced'>): string;
  /**
   * Returns a token's grant and its successor. The successor expires when the first token of the login would have.
   * @throws AwsError NotAuthorizedException for a token that is unknown, expired, or has been used before.
   */
  redeem(token: string, client: PoolClient, now: number): { readonly grant: Grant; readonly successor: string };
}

const PREFIX = 'issuer/refresh/';
const keyOf = (token: string) => PREFIX + createHash('sha256').update(token).digest('base64url');
const refused = (message: string) => new AwsError('NotAuthorizedException', message);

export function openRefreshTokens(state: State, now: number): RefreshTokens {
  for (const { key, value } of state.entries(PREFIX)) {
    if (Grant.parse(JSON.parse(value)).expires <= now) state.delete(key);
  }
  const read = (token: string): Grant | undefined => {
    const stored = state.get(keyOf(token));
    return stored === undefined ? undefined : Grant.parse(JSON.parse(stored));
  };
  const issue: RefreshTokens['issue'] = (grant) => {
    const token = randomBytes(96).toString('base64url');
    state.put(keyOf(token), JSON.stringify(grant));
    return token;
  };
  return {
    issue,
    redeem(token, client, at) {
      const grant = read(token);
      if (grant === undefined || grant.clientId !== client.id) throw refused('Invalid Refresh Token');
      if (grant.expires <= at) throw refused('Refresh Token has expired');
      if (grant.replaced !== undefined) throw refused('Refresh Token has been revoked');
      const successor = issue(grant);
      state.put(keyOf(token), JSON.stringify({ ...grant, replaced: at }));
      return { grant, successor };
    },
  };
}
