import type { PublicClient } from './client.ts';

/** A valid request of the authorization code flow with PKCE. */
export interface AuthorizationRequest {
  readonly redirectUri: string;
  readonly state: string | undefined;
  readonly scope: string;
  readonly audience: string | undefined;
  readonly nonce: string | undefined;
  readonly challenge: string;
}

/** A refusal. One with a `redirectUri` is sent there; without one, the address is not to be trusted (RFC 6749, 4.1.2.1). */
export interface AuthorizationRefusal {
  readonly error: string;
  readonly redirectUri?: string;
  readonly state?: string | undefined;
}

const CHALLENGE = /^[\w-]{43}$/;

/** Parses the query of `/authorize`. */
export function authorizationRequest(
  query: URLSearchParams,
  client: PublicClient,
): AuthorizationRequest | AuthorizationRefusal {
  const text = (name: string) => query.get(name) ?? undefined;
  const redirectUri = text('redirect_uri');
  if (text('client_id') !== client.id) return { error: 'unauthorized_client' };
  if (redirectUri === undefined || !client.redirectUris.has(redirectUri)) return { error: 'invalid_request' };
  const state = text('state');
  if (text('response_type') !== 'code') return { error: 'unsupported_response_type', redirectUri, state };
  const challenge = text('code_challenge') ?? '';
  if (text('code_challenge_method') !== 'S256' || !CHALLENGE.test(challenge)) {
    return { error: 'invalid_request', redirectUri, state };
  }
  const [scope = '', audience, nonce] = [text('scope'), text('audience'), text('nonce')];
  return { redirectUri, state, scope, audience, nonce, challenge };
}
