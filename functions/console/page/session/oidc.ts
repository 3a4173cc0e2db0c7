import * as oauth from 'oauth4webapi';
import type { ConsoleLogin } from '../../login.ts';
import { CallError, unreachable } from '../api/call-error.ts';
import { storedObject } from './stored.ts';
import { endOf, type Tokens } from './tokens.ts';

type Issuer = Extract<ConsoleLogin, { login: 'oidc' }>;

/** What the page must remember while the user signs in at the issuer. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  /** The query of the view to return to. */
  readonly search: string;
}

const KEY = 'anycheck-snapshots.console.login';
const redirectUri = () => `${location.origin}/console`;
const clientOf = ({ client_id }: Issuer): oauth.Client => ({ client_id });
const DEADLINE_MS = 15_000;
const optionsFor = ({ issuer }: Issuer) => ({
  // A local issuer has no certificate.
  [oauth.allowInsecureRequests]: issuer.startsWith('http://'),
  signal: () => AbortSignal.timeout(DEADLINE_MS),
});

async function discovered(settings: Issuer): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, optionsFor(settings)));
}

/** Leaves the page for the issuer's login. */
export async function signInAtIssuer(settings: Issuer): Promise<void> {
  const { authorization_endpoint } = await discovered(settings);
  if (authorization_endpoint === undefined) throw new Error('The issuer has no authorization endpoint.');
  const pending: Pending = {
    state: oauth.generateRandomState(),
    verifier: oauth.generateRandomCodeVerifier(),
    search: location.search,
  };
  sessionStorage.setItem(KEY, JSON.stringify(pending));
  const address = new URL(authorization_endpoint);
  const query = {
    response_type: 'code',
    client_id: settings.client_id,
    redirect_uri: redirectUri(),
    scope: settings.scopes,
    ...(settings.audience !== undefined && { audience: settings.audience }),
    state: pending.state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  location.assign(address);
}

/** Whether the issuer has sent the user back to this address. */
export const isReturn = (search: string): boolean => {
  const query = new URLSearchParams(search);
  return query.has('state') && (query.has('code') || query.has('error'));
};

/**
 * Ends a sign-in at the issuer: restores the view, takes the code out of the address, and trades it for tokens.
 * @throws if the answer of the issuer does not belong to a sign-in of this tab, or the issuer refuses it.
 */
export async function finishSignIn(settings: Issuer): Promise<Tokens> {
  const callback = new URL(location.href);
  const { state, verifier, search }: Partial<Pending> = storedObject(sessionStorage, KEY);
  sessionStorage.removeItem(KEY);
  history.replaceState(null, '', `/console${search ?? ''}`);
  if (typeof state !== 'string' || typeof verifier !== 'string')
    throw new Error('This sign-in was not begun in this tab.');
  const server = await discovered(settings);
  const client = clientOf(settings);
  const parameters = oauth.validateAuthResponse(server, client, callback, state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    parameters,
    redirectUri(),
    verifier,
    optionsFor(settings),
  );
  return tokensOf(await oauth.processAuthorizationCodeResponse(server, client, response));
}

/**
 * Trades a refresh token of the issuer for new tokens.
 * @throws CallError with the status of the issuer's answer; that of an unreachable service where no usable one came.
 */
export async function refreshAtIssuer(settings: Issuer, refreshToken: string): Promise<Tokens> {
  try {
    const server = await discovered(settings);
    const client = clientOf(settings);
    const options = optionsFor(settings);
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, options);
    const { status } = response;
    if (status >= 400) throw new CallError('The issuer does not refresh the session.', { status, code: 'UNEXPECTED' });
    return tokensOf(await oauth.processRefreshTokenResponse(server, client, response));
  } catch (error) {
    throw error instanceof CallError ? error : unreachable();
  }
}

function tokensOf({ access_token, refresh_token, expires_in }: oauth.TokenEndpointResponse): Tokens {
  const now = Date.now();
  const endsAt = expires_in === undefined ? endOf(access_token, now) : now + expires_in * 1000;
  return { accessToken: access_token, refreshToken: refresh_token, endsAt };
}
