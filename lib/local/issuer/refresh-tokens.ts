import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-json.ts';
import type { State } from '../state.ts';
import type { PoolClient } from './pools.ts';

const Grant = z.object({
  clientId: z.string(),
  sub: z.string(),
  /** Seconds since the epoch. */
  authTime: z.number(),
  expires: z.number(),
  /** From when on it is refused because its successor has been given out. */
  replaced: z.number().optional(),
  originJti: z.string(),
});
type Grant = z.infer<typeof Grant>;

/** Refresh tokens: opaque, kept as hashes, on disk before they are given out. */
export interface RefreshTokens {
  issue(grant: Omit<Grant, 'replaced'>): string;
  /** @throws AwsError NotAuthorizedException for a token that is unknown, expired, or has been used before. */
  redeem(token: string, client: PoolClient, now: number): Grant;
  /** A successor for a token that was redeemed; it ends when the first of its line would have. */
  rotate(token: string, client: PoolClient, now: number): string;
}

const PREFIX = 'issuer/refresh/';
const keyOf = (token: string) => PREFIX + createHash('sha256').update(token).digest('base64url');
const refused = (message: string) => new AwsError('NotAuthorizedException', message);

export function openRefreshTokens(state: State, now: number): RefreshTokens {
  for (const { key, value } of state.entries(PREFIX)) {
    if (Grant.parse(JSON.parse(value)).expires <= now) state.delete(key);
  }
  const read = (token: string): Grant | undefined => {
    const kept = state.get(keyOf(token));
    return kept === undefined ? undefined : Grant.parse(JSON.parse(kept));
  };
  const issue: RefreshTokens['issue'] = (grant) => {
    const token = randomBytes(96).toString('base64url');
    state.put(keyOf(token), JSON.stringify(grant));
    return token;
  };
  const redeem: RefreshTokens['redeem'] = (token, client, at) => {
    const grant = read(token);
    if (grant === undefined || grant.clientId !== client.id) throw refused('Invalid Refresh Token');
    if (grant.expires <= at) throw refused('Refresh Token has expired');
    if (grant.replaced !== undefined && grant.replaced <= at) throw refused('Refresh Token has been revoked');
    return grant;
  };
  return {
    issue,
    redeem,
    rotate(token, client, at) {
      const { replaced, ...grant } = redeem(token, client, at);
      const successor = issue(grant);
      const until = replaced ?? at + client.graceSeconds;
      state.put(keyOf(token), JSON.stringify({ ...grant, replaced: until }));
      return successor;
    },
  };
}
