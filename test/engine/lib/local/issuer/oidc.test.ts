import { decodeJwt } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCE, CLIENT_ID, PEOPLE, startIssuer } from '../../../../fakes/oidc-issuer.ts';

const REDIRECT_URI = 'https://snapshots.example.com/console';
const ORIGIN = new URL(REDIRECT_URI).origin;
const INSECURE = { [oauth.allowInsecureRequests]: true };
const CLIENT = { client_id: CLIENT_ID };
const [{ email, password } = { email: '', password: '' }] = PEOPLE;
const PERSON = { email, password };

const clock = { now: Date.now() };
let issuer: Awaited<ReturnType<typeof startIssuer>>;
let server: oauth.AuthorizationServer;
beforeAll(async () => {
  issuer = await startIssuer(() => clock.now);
  issuer.redirectUris.add(REDIRECT_URI);
  const url = new URL(issuer.url);
  server = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, INSECURE));
});
afterAll(() => issuer.close());

interface Login {
  readonly more?: Readonly<Record<string, string>>;
  readonly verifier?: string;
}

const VERIFIER = oauth.generateRandomCodeVerifier();

/** The address to which a browser goes for a login. */
async function authorizeUrl({ more = {}, verifier = VERIFIER }: Login = {}): Promise<URL> {
  const url = new URL(server.authorization_endpoint ?? '');
  url.search = new URLSearchParams({
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'openid offline_access',
    state: 'the view',
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  }).toString();
  return url;
}

const submit = (url: URL, form: Readonly<Record<string, string>>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });

/** Logs in, and returns the address to which the browser returns. */
async function loggedIn(login: Login = {}) {
  const response = await submit(await authorizeUrl(login), PERSON);
  expect(response.status).toBe(303);
  return new URL(response.headers.get('location') ?? '');
}
const returned = (url: URL) => oauth.validateAuthResponse(server, CLIENT, url, 'the view');
const exchanged = (url: URL, verifier = VERIFIER, redirectUri = REDIRECT_URI) =>
  oauth.authorizationCodeGrantRequest(server, CLIENT, oauth.None(), returned(url), redirectUri, verifier, INSECURE);

async function refusalOf(response: Response) {
  return { status: response.status, body: await response.json() };
}
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } };

describe('the authorization code flow with PKCE', () => {
  it('gives a person who logs in tokens for the audience, with the claims of that person', async () => {
    const url = await loggedIn();
    expect(`${url.origin}${url.pathname}`).toBe(REDIRECT_URI);
    const tokens = await oauth.processAuthorizationCodeResponse(server, CLIENT, await exchanged(url));
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: issuer.url,
      aud: AUDIENCE,
      azp: CLIENT_ID,
      preferred_username: email,
      roles: ['viewer'],
    });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ iss: issuer.url, aud: CLIENT_ID });
  });

  it('gives tokens for the audience that the request names', async () => {
    const url = await loggedIn({ more: { audience: 'https://other.example.com' } });
    const { access_token } = await oauth.processAuthorizationCodeResponse(server, CLIENT, await exchanged(url));
    expect(decodeJwt(access_token).aud).toBe('https://other.example.com');
  });

  it('takes a code once', async () => {
    const url = await loggedIn();
    expect((await exchanged(url)).status).toBe(200);
    expect(await refusalOf(await exchanged(url))).toEqual(INVALID_GRANT);
  });

  it('refuses a wrong verifier, and the code with it from then on', async () => {
    const url = await loggedIn();
    expect(await refusalOf(await exchanged(url, oauth.generateRandomCodeVerifier()))).toEqual(INVALID_GRANT);
    expect(await refusalOf(await exchanged(url))).toEqual(INVALID_GRANT);
  });

  it('refuses another redirect URI than that of the login', async () => {
    const other = 'https://snapshots.example.com/other';
    expect(await refusalOf(await exchanged(await loggedIn(), VERIFIER, other))).toEqual(INVALID_GRANT);
  });

  it('refuses a code after a minute', async () => {
    const url = await loggedIn();
    clock.now += 60_000;
    expect(await refusalOf(await exchanged(url))).toEqual(INVALID_GRANT);
  });

  it('returns to the client with the error where a request has no challenge of S256, or wants no code', async () => {
    const challenge = VERIFIER;
    for (const [more, error] of [
      [{ code_challenge_method: 'plain', code_challenge: challenge }, 'invalid_request'],
      [{ code_challenge: '' }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
    ] as const) {
      const { searchParams } = await loggedIn({ more });
      expect([searchParams.get('error'), searchParams.get('state'), searchParams.get('code')]).toEqual([
        error,
        'the view',
        null,
      ]);
    }
  });

  it('goes to no address that is not the client’s', async () => {
    for (const more of [{ redirect_uri: 'https://evil.example.com/console' }, { client_id: 'other' }]) {
      const response = await submit(await authorizeUrl({ more }), PERSON);
      expect([response.status, response.headers.get('location')]).toEqual([400, null]);
    }
  });
});

describe('the login form', () => {
  it('says that the password is wrong, and gives no code', async () => {
    const response = await submit(await authorizeUrl(), { email, password: 'wrong' });
    expect([response.status, response.headers.get('location')]).toEqual([401, null]);
    expect(await response.text()).toContain('Email or password is wrong.');
  });

  it('has the request in its address, and no HTML of it', async () => {
    const html = await (await fetch(await authorizeUrl({ more: { state: '"><script>' } }))).text();
    expect(html).toContain('action="/authorize?client_id=console&amp;');
    expect(html).not.toContain('<script');
  });
});

describe('refresh tokens', () => {
  it('give new tokens once, and their successor goes on', async () => {
    const url = await loggedIn();
    const first = await oauth.processAuthorizationCodeResponse(server, CLIENT, await exchanged(url));
    const refreshed = (token = '') => oauth.refreshTokenGrantRequest(server, CLIENT, oauth.None(), token, INSECURE);
    const second = await oauth.processRefreshTokenResponse(server, CLIENT, await refreshed(first.refresh_token));
    expect(decodeJwt(second.access_token)).toMatchObject({ roles: ['viewer'] });
    expect(await refusalOf(await refreshed(first.refresh_token))).toEqual(INVALID_GRANT);
    expect((await refreshed(second.refresh_token)).status).toBe(200);
  });

  it('come only with the scope offline_access', async () => {
    const url = await loggedIn({ more: { scope: 'openid' } });
    const tokens = await oauth.processAuthorizationCodeResponse(server, CLIENT, await exchanged(url));
    expect(tokens).not.toHaveProperty('refresh_token');
  });
});

describe('calls from a browser', () => {
  const allowed = async (origin: string, path: string, init: RequestInit = {}) =>
    (await fetch(issuer.url + path, { ...init, headers: { origin } })).headers.get('access-control-allow-origin');

  it.each([
    ['/.well-known/openid-configuration', {}],
    ['/keys', {}],
    ['/token', { method: 'POST', body: new URLSearchParams({ grant_type: 'authorization_code' }) }],
  ] as const)('of %s are allowed to the client’s page alone', async (path, init) => {
    expect(await allowed(ORIGIN, path, init)).toBe(ORIGIN);
    expect(await allowed('https://evil.example.com', path, init)).toBeNull();
  });
});

it('refuses a client that it does not know, and a grant that it does not have', async () => {
  const post = async (form: Readonly<Record<string, string>>) =>
    refusalOf(await fetch(`${issuer.url}/token`, { method: 'POST', body: new URLSearchParams(form) }));
  expect(await post({ client_id: 'other', grant_type: 'authorization_code' })).toEqual({
    status: 401,
    body: { error: 'invalid_client' },
  });
  expect(await post({ client_id: CLIENT_ID, grant_type: 'password' })).toEqual({
    status: 400,
    body: { error: 'unsupported_grant_type' },
  });
  expect(await post({ client_id: CLIENT_ID, grant_type: 'authorization_code' })).toEqual({
    status: 400,
    body: { error: 'invalid_request' },
  });
});
