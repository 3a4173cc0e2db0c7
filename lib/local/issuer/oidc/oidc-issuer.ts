import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type * as jose from 'jose';
import { readBody } from '../../http/body.ts';
import { type Served, serve } from '../../http/serve.ts';
import type { SigningKey } from '../signing-key.ts';
import { type LocalUser, passwordMatches } from '../users.ts';
import { authorizationRequest } from './authorization-request.ts';
import type { CodeGrant, Grant, PublicClient } from './client.ts';
import { loginForm } from './login-form.ts';
import { oneTime } from './one-time.ts';
import { grantOf } from './token-grants.ts';

/** What the issuer knows. */
export interface OidcIssuerOptions {
  readonly key: SigningKey;
  readonly client: PublicClient;
  readonly users: readonly LocalUser[];
  /** The audience of an access token whose request names none. */
  readonly audience: string;
  /** The claims of a person, beside those of every token. */
  readonly claimsOf: (user: LocalUser) => jose.JWTPayload;
  /** The lifetime of access tokens. */
  readonly accessSeconds: number;
  /** ms since the epoch. */
  readonly now: () => number;
}

const CODE_LIFETIME_MS = 60_000;
const REFRESH_LIFETIME_MS = 86_400_000;

const PATHS = {
  discovery: '/.well-known/openid-configuration',
  keys: '/keys',
  authorize: '/authorize',
  token: '/token',
} as const;

/**
 * Starts a stand-in for an OpenID Connect issuer: discovery, a login form, and the authorization code flow with PKCE
 * (S256) for one public client. With the scope `offline_access` it also issues refresh tokens.
 */
export async function startOidcIssuer(options: OidcIssuerOptions): Promise<Served> {
  const { client, key, now } = options;
  const codes = oneTime<CodeGrant>(CODE_LIFETIME_MS, now);
  const refreshTokens = oneTime<Grant>(REFRESH_LIFETIME_MS, now);

  const authorize = async (request: IncomingMessage, url: URL, response: ServerResponse) => {
    const authorization = authorizationRequest(url.searchParams, client);
    const back = (to: string, parameters: Readonly<Record<string, string | undefined>>) => {
      const address = new URL(to);
      for (const [name, value] of Object.entries({ ...parameters, iss: served.url })) {
        if (value !== undefined) address.searchParams.set(name, value);
      }
      response.writeHead(303, { location: address.href }).end();
    };
    if ('error' in authorization) {
      const { error, redirectUri, state } = authorization;
      return redirectUri === undefined ? sendHtml(response, 400, error) : back(redirectUri, { error, state });
    }
    const action = `${url.pathname}${url.search}`;
    if (request.method !== 'POST') return sendHtml(response, 200, loginForm(action));
    const form = await formOf(request);
    const user = options.users.find(({ email }) => email === form.get('email'));
    if (!user || !passwordMatches({ ...user, sub: user.email }, form.get('password') ?? '')) {
      return sendHtml(response, 401, loginForm(action, 'Email or password is wrong.'));
    }
    const { redirectUri, state, scope, audience = options.audience, nonce, challenge } = authorization;
    back(redirectUri, { code: codes.issue({ user, scope, audience, nonce, redirectUri, challenge }), state });
  };

  const tokens = async (request: IncomingMessage, response: ServerResponse) => {
    const grant = grantOf(await formOf(request), client, { codes, refreshTokens });
    if (typeof grant === 'string') {
      return sendJson(response, grant === 'invalid_client' ? 401 : 400, { error: grant });
    }
    const { user, scope, audience, nonce } = grant;
    const scopes = scope.split(' ');
    const iat = Math.floor(now() / 1000);
    const common = { iss: served.url, iat, exp: iat + options.accessSeconds, ...options.claimsOf(user) };
    const idClaims = { ...common, aud: client.id, ...(nonce !== undefined && { nonce }) };
    sendJson(response, 200, {
      access_token: await key.sign({ ...common, aud: audience, azp: client.id, scope }),
      token_type: 'Bearer',
      expires_in: options.accessSeconds,
      scope,
      ...(scopes.includes('openid') && { id_token: await key.sign(idClaims) }),
      ...(scopes.includes('offline_access') && { refresh_token: refreshTokens.issue(grant) }),
    });
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', served.url);
    if (url.pathname === PATHS.authorize) return authorize(request, url, response);
    const origin = request.headers.origin ?? '';
    if ([...client.redirectUris].some((uri) => new URL(uri).origin === origin)) {
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('vary', 'origin');
    }
    if (url.pathname === PATHS.token && request.method === 'POST') return tokens(request, response);
    const documents = new Map<string, object>([
      [PATHS.discovery, discovery(served.url)],
      [PATHS.keys, key.publicKeys],
    ]);
    const document = request.method === 'GET' ? documents.get(url.pathname) : undefined;
    sendJson(response, document ? 200 : 404, document ?? { error: 'not_found' });
  };

  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  const served = await serve(server);
  return served;
}

/** The discovery document (OpenID Connect Discovery 1.0). */
const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: issuer + PATHS.authorize,
  token_endpoint: issuer + PATHS.token,
  jwks_uri: issuer + PATHS.keys,
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['none'],
  id_token_signing_alg_values_supported: ['RS256'],
  subject_types_supported: ['public'],
  scopes_supported: ['openid', 'offline_access'],
  authorization_response_iss_parameter_supported: true,
});

const formOf = async (request: IncomingMessage) => new URLSearchParams((await readBody(request))?.toString() ?? '');

function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).end(html);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
