import { createHash } from 'node:crypto';
import { isSame } from '../users.ts';
import type { CodeGrant, Grant, PublicClient } from './client.ts';
import type { OneTime } from './one-time.ts';

/** An error code of RFC 6749 (5.2). */
type Refusal = 'invalid_request' | 'invalid_client' | 'invalid_grant' | 'unsupported_grant_type';

export interface Grants {
  readonly codes: OneTime<CodeGrant>;
  readonly refreshTokens: OneTime<Grant>;
}

const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

/** Finds what the form of a token request is granted. A code or a refresh token is used up, also by a wrong request. */
export function grantOf(
  form: URLSearchParams,
  client: PublicClient,
  { codes, refreshTokens }: Grants,
): Grant | Refusal {
  if (form.get('client_id') !== client.id) return 'invalid_client';
  switch (form.get('grant_type')) {
    case 'authorization_code': {
      const [code, verifier, redirectUri] = [form.get('code'), form.get('code_verifier'), form.get('redirect_uri')];
      if (code === null || verifier === null || redirectUri === null) return 'invalid_request';
      const grant = codes.redeem(code);
      const isBound = grant?.redirectUri === redirectUri && isSame(grant.challenge, challengeOf(verifier));
      return grant && isBound ? grant : 'invalid_grant';
    }
    case 'refresh_token': {
      const token = form.get('refresh_token');
      return token === null ? 'invalid_request' : (refreshTokens.redeem(token) ?? 'invalid_grant');
    }
    case null:
      return 'invalid_request';
    default:
      return 'unsupported_grant_type';
  }
}
