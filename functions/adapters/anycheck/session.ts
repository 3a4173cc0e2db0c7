import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { isBadCredentials } from '../../domain/upstream/assessment.ts';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import type { RateLimiter } from '../../domain/upstream/limiter.ts';
import { SCHEMA, SESSION } from '../dynamodb/layout/keys.ts';
import { type Session, type SessionState, sessionStateOf } from '../dynamodb/layout/session-row.ts';
import { conditionalWrites } from '../dynamodb/requests/conditional-writes.ts';
import type { Access, Attempt, Authorization } from './client.ts';
import type { CredentialsReader, Login } from './credentials.ts';
import type { Http } from './http.ts';
import { type IssuedTokens, lifetimeOf, parseTokens } from './tokens.ts';

/** The deadline for opening a session, and for the token refresh in it: a login must fit in afterwards. */
const OPENING_DEADLINE_MS = 10_000;
const REFRESH_DEADLINE_MS = 4_000;
/** The lock expires much later than the deadline: another instance then replaces a worker that died during a login. */
const LOCK_MS = 20_000;
/** The interval at which an instance reads the session row while another instance logs in. */
const POLL_INTERVAL_MS = 150;
/** ms until the next login after one that led to no accepted session. It doubles with each further one. */
const LOGIN_INTERVAL_MS = 10_000;
const MAX_LOGIN_INTERVAL_MS = 60_000;

export const SESSION_KEY = { pk: SESSION, sk: 'head#session' };

export interface SessionDeps {
  readonly http: Http;
  readonly limiter: RateLimiter;
  readonly credentials: CredentialsReader;
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const LOGINS = ['logins', 'last_login_at', 'logins_with'];

/**
 * Authorizes requests with an API key, or with one AnyCheck session for all function instances. They share the
 * session's tokens through a row of the table. Only the instance that holds the row's lock logs in, because AnyCheck
 * probably ends a user's session at each new login. The row counts the logins of which no token was accepted yet: the
 * fleet waits between those.
 */
export function anycheckAuthorization(deps: SessionDeps): Authorization {
  const { http, limiter, credentials, client, table, now, sleep } = deps;
  const writes = conditionalWrites(client, table);
  let cached: Session | undefined;

  async function stored(): Promise<SessionState> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: SESSION_KEY, ConsistentRead: true }));
    return sessionStateOf(Item);
  }

  const lock = (until: number) =>
    writes.update(
      SESSION_KEY,
      { set: { lock_until: until } },
      { when: 'attribute_not_exists(lock_until) OR lock_until <= :now', values: { ':now': now() } },
    );
  const whileLocked = (until: number) => ({ when: 'lock_until = :until', values: { ':until': until } });

  /** Releases the lock, and stores the new session if there is one. */
  const unlock = (until: number, opened?: Session) => {
    if (!opened) return writes.update(SESSION_KEY, { remove: ['lock_until'] }, whileLocked(until));
    const missing = (['refresh_token', 'is_new'] as const).filter((name) => opened[name] === undefined);
    return writes.update(SESSION_KEY, { set: { ...opened }, remove: ['lock_until', ...missing] }, whileLocked(until));
  };

  /**
   * Handles a refused password. Unless the secret holds a newer one, no instance logs in with it for a while.
   * @returns the error to throw.
   */
  async function badLogin(user: Login): Promise<UpstreamError> {
    const latest = await credentials({ anew: true });
    if (latest.version !== user.version) return new UpstreamError('REFUSED', 'the AnyCheck credentials were replaced');
    await limiter.refuse(user.version, 'login');
    return new UpstreamError('REFUSED', 'AnyCheck refuses the email and password', { fleetWide: true });
  }

  /** @returns ms until the fleet may log in; 0 where it may now. */
  const waitBefore = ({ logins }: SessionState, { version }: Login) =>
    logins.credentials === version && logins.count > 0
      ? Math.max(
          0,
          logins.lastAt + Math.min(MAX_LOGIN_INTERVAL_MS, LOGIN_INTERVAL_MS * 2 ** (logins.count - 1)) - now(),
        )
      : 0;

  /** Calls one of AnyCheck's routes that issue tokens. @param before runs when the call can begin. */
  const post = (
    path: string,
    body: unknown,
    { user, permit, signal, before }: { user: Login; before: () => Promise<unknown> } & Attempt,
  ) =>
    limiter.call({
      credentials: user.version,
      permit,
      // A refresh token that is refused is not yet a failed login.
      session: path === '/auth/refresh' ? 'accepted' : undefined,
      signal,
      async send() {
        await before();
        return http(path, { method: 'POST', body, signal });
      },
      read: parseTokens,
    });

  const sessionOf = (tokens: IssuedTokens, user: Login, is_new: Session['is_new']): Session => {
    const at = now();
    const { renewAfter, endsAfter } = lifetimeOf(tokens, at);
    return {
      ...tokens,
      v: SCHEMA,
      renew_at: at + renewAfter,
      ends_at: at + endsAfter,
      credentials: user.version,
      is_new,
    };
  };

  /**
   * Renews a session by its refresh token. The token is used once: it leaves the row when the call begins, so that a
   * refresh that fails or hangs is followed by a login.
   * @returns undefined where the refresh failed in any way.
   */
  async function renew(user: Login, before: Session, until: number, attempt: Attempt): Promise<Session | undefined> {
    const { refresh_token } = before;
    if (refresh_token === undefined) return undefined;
    const signal = AbortSignal.any([attempt.signal, AbortSignal.timeout(REFRESH_DEADLINE_MS)]);
    const take = () => writes.update(SESSION_KEY, { remove: ['refresh_token'] }, whileLocked(until));
    try {
      const result = await post('/auth/refresh', { refresh_token }, { ...attempt, user, signal, before: take });
      // AnyCheck may keep the refresh token (RFC 6749, section 6).
      return result.kind === 'done' ? sessionOf({ refresh_token, ...result.value }, user, before.is_new) : undefined;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason === 'RATE_LIMITED') throw error;
      return undefined;
    }
  }

  /** Logs in. The attempt is counted before it is made, until AnyCheck accepts a token of the new session. */
  async function login(user: Login, state: SessionState, until: number, attempt: Attempt): Promise<Session> {
    const wait = waitBefore(state, user);
    if (wait > 0) throw notYet(wait);
    const count = state.logins.credentials === user.version ? state.logins.count + 1 : 1;
    let isMade = false;
    const countAttempt = () => {
      isMade = true;
      const set = { logins: count, last_login_at: now(), logins_with: user.version };
      return writes.update(SESSION_KEY, { set }, whileLocked(until));
    };
    const { email, password } = user;
    const result = await post('/auth/login', { email, password }, { ...attempt, user, before: countAttempt }).catch(
      (error: unknown) => {
        throw isMade && error instanceof UpstreamError ? failedLogin(error) : error;
      },
    );
    if (result.kind === 'done') return sessionOf(result.value, user, 1);
    if (!isBadCredentials(result.answer)) throw failedLogin(result.error);
    // Refused credentials wait for longer, in the row of the budget.
    await writes.update(SESSION_KEY, { remove: LOGINS }, whileLocked(until));
    throw await badLogin(user);
  }

  /** @param refusedToken an access token that AnyCheck refused. */
  async function current(user: Login, refusedToken: string | undefined, attempt: Attempt): Promise<Session> {
    const isOurs = (one: Session) => one.credentials === user.version && one.access_token !== refusedToken;
    const isFresh = (one: Session) => isOurs(one) && one.renew_at > now();
    if (cached && isFresh(cached)) return cached;
    while (!attempt.signal.aborted) {
      const state = await stored();
      const { session } = state;
      cached = session;
      if (session && isFresh(session)) return session;
      // Until it ends, the session serves while another instance renews it, and where that fails.
      const spare = session && isOurs(session) && session.ends_at > now() ? session : undefined;
      const isRenewable = session !== undefined && isOurs(session) && session.refresh_token !== undefined;
      const wait = waitBefore(state, user);
      if (wait > 0 && !isRenewable && state.lockedUntil <= now()) {
        if (spare) return spare;
        if (refusedToken !== undefined) await forget(refusedToken);
        throw notYet(wait);
      }
      const until = now() + LOCK_MS;
      if (await lock(until)) {
        const opened = await openLocked(user, isOurs, until, attempt).catch(async (error: unknown) => {
          if (spare && error instanceof UpstreamError) return spare;
          if (refusedToken !== undefined) await forget(refusedToken);
          throw error;
        });
        cached = opened;
        return opened;
      }
      if (spare) return spare;
      await sleep(POLL_INTERVAL_MS);
    }
    throw new UpstreamError('TIMED_OUT', 'another instance did not finish its AnyCheck login in time');
  }

  /** Opens a session while this instance holds the lock, unless another instance just opened one. */
  async function openLocked(
    user: Login,
    isOurs: (one: Session) => boolean,
    until: number,
    { signal: caller, permit }: Attempt,
  ): Promise<Session> {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(OPENING_DEADLINE_MS)]);
    let opened: Session | undefined;
    try {
      const state = await stored();
      const { session } = state;
      const latest = session && isOurs(session) ? session : undefined;
      if (latest && latest.renew_at > now()) return latest;
      const attempt = { signal, permit };
      opened = (latest && (await renew(user, latest, until, attempt))) ?? (await login(user, state, until, attempt));
      return opened;
    } finally {
      await unlock(until, opened);
    }
  }

  /** Removes a session whose token AnyCheck refused, so that no other instance calls with it. */
  const forget = (token: string) =>
    writes.update(
      SESSION_KEY,
      { remove: ['access_token', 'refresh_token'] },
      { when: 'access_token = :token', values: { ':token': token } },
    );

  async function authorize(before: Access | undefined, attempt: Attempt): Promise<Access> {
    // A refused API key may have been replaced, so the secret is read anew. A refused token may only have expired.
    let known = await credentials({ anew: before?.headers['x-api-key'] !== undefined });
    if ('api_key' in known) return byKey(known);
    const refusedToken = before && tokenOf(before);
    // If the session belongs to another version of the secret, this instance's cached secret may be the old one. A
    // login with it would end the session.
    const session = (refusedToken === undefined && cached) || (await stored()).session;
    if (session && session.credentials !== known.version) {
      known = await credentials({ anew: true });
      if ('api_key' in known) return byKey(known);
    }
    const { access_token, is_new } = await current(known, refusedToken, attempt);
    return {
      headers: { authorization: `Bearer ${access_token}` },
      credentials: known.version,
      session: is_new ? 'new' : 'accepted',
    };
  }

  /** If the session cannot be read or shared, the caller sees AnyCheck as unavailable. */
  const asUpstream = (cause: unknown): never => {
    if (cause instanceof UpstreamError) throw cause;
    throw new UpstreamError('UNAVAILABLE', 'the AnyCheck session could not be read or shared', { cause });
  };

  return {
    access: (attempt) => authorize(undefined, attempt).catch(asUpstream),

    async renewed(before, attempt) {
      try {
        const renewed = await authorize(before, attempt);
        const key = renewed.headers['x-api-key'];
        return key !== undefined && key === before.headers['x-api-key'] ? undefined : renewed;
      } catch (error) {
        // No login is due, so the refusal stands.
        if (error instanceof NotYet) return undefined;
        return asUpstream(error);
      }
    },

    async accepted(access) {
      const token = tokenOf(access);
      if (cached && cached.access_token === token) cached = { ...cached, is_new: undefined };
      // If the write fails, the next call repeats it.
      await writes
        .update(
          SESSION_KEY,
          { remove: ['is_new', ...LOGINS] },
          { when: 'access_token = :token', values: { ':token': token } },
        )
        .catch(() => {});
    },
  };
}

/** The next login of the fleet is not due yet. */
class NotYet extends UpstreamError {}

const notYet = (wait: number) =>
  new NotYet('RATE_LIMITED', 'AnyCheck accepted no session of the last login, and the next login is not due yet', {
    fleetWide: true,
    retryAfter: Math.max(1, Math.ceil(wait / 1000)),
  });

/** The fleet waits after any failed login, so the same caller does not try again at once. */
const failedLogin = ({ reason, message, retryAfter = 0, cause }: UpstreamError) =>
  new UpstreamError(reason, message, {
    fleetWide: true,
    retryAfter: Math.max(retryAfter, LOGIN_INTERVAL_MS / 1000),
    cause,
  });

const byKey = ({ api_key, version }: { api_key: string; version: string }): Access => ({
  headers: { 'x-api-key': api_key },
  credentials: version,
  session: undefined,
});

const tokenOf = ({ headers }: Access) => headers.authorization?.replace(/^Bearer /, '');
