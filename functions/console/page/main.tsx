import { render } from 'preact';
import { CallError } from './api/call-error.ts';
import { createClient } from './api/client.ts';
import { App } from './app.tsx';
import { loginIn } from './session/login-settings.ts';
import { finishSignIn, isReturn, refreshAtIssuer } from './session/oidc.ts';
import { createSession } from './session/session.ts';
import { endOf, type Tokens } from './session/tokens.ts';

const settings = loginIn(document);

async function refreshByPassword(refreshToken: string): Promise<Tokens> {
  const { body } = await client.call('POST /auth/refresh', { body: { refresh_token: refreshToken } });
  const { access_token: accessToken, refresh_token } = body;
  return { accessToken, refreshToken: refresh_token, endsAt: endOf(accessToken, Date.now()) };
}

const session = createSession({
  storage: sessionStorage,
  now: Date.now,
  refresh: settings.login === 'oidc' ? (token) => refreshAtIssuer(settings, token) : refreshByPassword,
});
const client = createClient({
  fetch: fetch.bind(globalThis),
  token: session.token,
  onUnauthorized: session.end,
});

/** @returns why the sign-in failed. */
async function finishReturn(): Promise<CallError | undefined> {
  if (settings.login !== 'oidc' || !isReturn(location.search)) return undefined;
  try {
    session.begin(await finishSignIn(settings));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    return new CallError(`The sign-in at the issuer failed: ${reason}`, { status: 0, code: 'SIGNED_OUT' });
  }
}

const root = document.getElementById('console');
const failure = await finishReturn();
if (root) render(<App settings={settings} client={client} session={session} failure={failure} />, root);
