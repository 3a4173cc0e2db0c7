import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import type { RateLimiter } from '../../domain/upstream/limiter.ts';
import { SCHEMA, SESSION } from '../dynamodb/layout/keys.ts';
import { conditionalWrites } from '../dynamodb/requests/conditional-writes.ts';
import { type Access, type Authorization, isBadCredentials, refused } from './client.ts';
import { type CredentialsReader, HeaderText, type Login } from './credentials.ts';
import type { Http } from './http.ts';

/** The share of a token's lifetime after which it is renewed, before it expires. */
const RENEW_AFTER = 0.9;
/** The lifetime of an access token by AnyCheck's documentation, for a token that does not state its own. */
const LIFETIME_MS = 3_600_000;
/** The deadline for opening a session. */
const OPENING_DEADLINE_MS = 10_000;
/** The lock expires much later than the deadline: another instance then replaces a worker that died during a login. */
const LOCK_MS = 20_000;
/** The interval at which an instance reads the session row while another instance logs in. */
const POLL_INTERVAL_MS = 150;

const Tokens = z.object({ access_token: HeaderText, refresh_token: z.string().check(z.minLength(1)) });
const Claims = z.object({ exp: z.number() });

const Session = z.object({
  v: z.literal(SCHEMA),
  access_token: z.string(),
  refresh_token: z.string(),
  /** ms since the epoch. */
  renew_at: z.number(),
  /** The version of the secret's value that it was opened with. */
  credentials: z.string(),
});
type Session = z.infer<typeof Session>;

const KEY = { pk: SESSION, sk: 'head#session' };

export interface SessionDeps {
  readonly http: Http;
  readonly limiter: RateLimiter;
  readonly credentials: CredentialsReader;
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly now: () => number;
}

/**
 * Authorizes requests with an API key, or with one AnyCheck session for all function instances. They share the
 * session's tokens through a row of the table. Only the instance that holds the row's lock logs in, because AnyCheck
 * probably ends a user's session at each new login.
 */
export function anycheckAuthorization(deps: SessionDeps): Authorization {
  const { http, limiter, credentials, client, table, now } = deps;
  const writes = conditionalWrites(client, table);
  let cached: Session | undefined;

  async function stored(): Promise<Session | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
    return Session.safeParse(Item).data;
  }

  const lock = (until: number) =>
    writes.update(
      KEY,
      { set: { lock_until: until } },
      { when: 'attribute_not_exists(lock_until) OR lock_until <= :now', values: { ':now': now() } },
    );

  /** Releases the lock, and stores the new session if there is one. */
  const unlock = (until: number, opened?: Session) =>
    writes.update(
      KEY,
      { set: { ...opened }, remove: ['lock_until'] },
      { when: 'lock_until = :until', values: { ':until': until } },
    );

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

  /**
   * @param before a session of the same credentials that expires soon: it is renewed without a login. Undefined: logs
   * in.
   */
  async function open(user: Login, before: Session | undefined, caller: AbortSignal): Promise<Session> {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(OPENING_DEADLINE_MS)]);
    const post = (path: string, body: unknown) =>
      limiter.call({
        credentials: user.version,
        signal,
        send: () => http(path, { method: 'POST', body, signal }),
      });
    const renewed = before && (await post('/auth/refresh', { refresh_token: before.refresh_token }));
    const { answer, verdict } = renewed?.answer.ok
      ? renewed
      : await post('/auth/login', { email: user.email, password: user.password });
    if (!answer.ok && isBadCredentials(answer)) throw await badLogin(user);
    if (!answer.ok) throw refused(answer, verdict);
    const tokens = parseTokens(answer.body);
    const at = now();
    const renew_at = at + lifeOf(tokens.access_token, at) * RENEW_AFTER;
    return { ...tokens, v: SCHEMA, renew_at, credentials: user.version };
  }

  /** @param refusedToken an access token that AnyCheck refused. */
  async function current(user: Login, refusedToken: string | undefined, signal: AbortSignal): Promise<Session> {
    const isUsable = (one: Session) =>
      one.credentials === user.version && one.access_token !== refusedToken && one.renew_at > now();
    if (cached && isUsable(cached)) return cached;
    while (!signal.aborted) {
      cached = await stored();
      if (cached && isUsable(cached)) return cached;
      const until = now() + LOCK_MS;
      if (await lock(until)) {
        let opened: Session | undefined;
        try {
          const latest = await stored();
          const isRenewable = latest?.credentials === user.version && latest.access_token !== refusedToken;
          opened = latest && isUsable(latest) ? latest : await open(user, isRenewable ? latest : undefined, signal);
          cached = opened;
          return opened;
        } finally {
          await unlock(until, opened);
        }
      }
      await sleep(POLL_INTERVAL_MS);
    }
    throw new UpstreamError('TIMED_OUT', 'another instance did not finish its AnyCheck login in time');
  }

  async function authorize(before: Access | undefined, signal: AbortSignal): Promise<Access> {
    // A refused API key may have been replaced, so the secret is read anew. A refused token may only have expired.
    let known = await credentials({ anew: before?.headers['x-api-key'] !== undefined });
    if ('api_key' in known) return byKey(known);
    const refusedToken = before?.headers.authorization?.replace(/^Bearer /, '');
    // If the session belongs to another version of the secret, this instance's cached secret may be the old one. A
    // login with it would end the session.
    const session = (refusedToken === undefined && cached) || (await stored());
    if (session && session.credentials !== known.version) {
      known = await credentials({ anew: true });
      if ('api_key' in known) return byKey(known);
    }
    const { access_token } = await current(known, refusedToken, signal);
    return { headers: { authorization: `Bearer ${access_token}` }, credentials: known.version };
  }

  /** If the session cannot be read or shared, the caller sees AnyCheck as unavailable. */
  const asUpstream = (cause: unknown): never => {
    if (cause instanceof UpstreamError) throw cause;
    throw new UpstreamError('UNAVAILABLE', 'the AnyCheck session could not be read or shared', { cause });
  };

  return {
    access: (signal) => authorize(undefined, signal).catch(asUpstream),
    async renewed(before, signal) {
      const renewed = await authorize(before, signal).catch(asUpstream);
      const key = renewed.headers['x-api-key'];
      return key !== undefined && key === before.headers['x-api-key'] ? undefined : renewed;
    },
  };
}

const byKey = ({ api_key, version }: { api_key: string; version: string }): Access => ({
  headers: { 'x-api-key': api_key },
  credentials: version,
});

function parseTokens(body: string): z.infer<typeof Tokens> {
  try {
    return Tokens.parse(JSON.parse(body));
  } catch {
    throw new UpstreamError('MALFORMED', "AnyCheck's answer to a login holds no tokens");
  }
}

/**
 * @returns ms until a JWT expires by its own claims. If AnyCheck ends it earlier, it is replaced when AnyCheck refuses
 * it.
 */
function lifeOf(token: string, now: number): number {
  try {
    const claims = Claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
    return Math.max(0, claims.exp * 1000 - now);
  } catch {
    return LIFETIME_MS;
  }
}
