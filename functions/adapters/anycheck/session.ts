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

/** The share of a token's life after which it is renewed, ahead of its end. */
const RENEW_AFTER = 0.9;
/** ms that an access token lives by AnyCheck's documentation, where it doesn't say so itself. */
const LIFETIME = 3_600_000;
/** ms that opening a session may take, and after which another worker may do it for one that died at it: well longer. */
const OPENING = 10_000;
const LOCK = 20_000;
/** ms between two looks at a login that another worker is doing. */
const POLL = 150;

const Tokens = z.object({ access_token: HeaderText, refresh_token: z.string().check(z.minLength(1)) });
const Claims = z.object({ exp: z.number() });

const Session = z.object({
  v: z.literal(SCHEMA),
  access_token: z.string(),
  refresh_token: z.string(),
  /** ms since the epoch. */
  renew_at: z.number(),
  /** The secret's version that it was opened with. */
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
 * API key, or one AnyCheck session for the whole fleet: its tokens are shared through a row of the table, and only the worker
 * that holds the row's lock logs in (AnyCheck is likely to end a user's session at each new login).
 */
export function anycheckAuthorization(deps: SessionDeps): Authorization {
  const { http, limiter, credentials, client, table, now } = deps;
  const writes = conditionalWrites(client, table);
  let kept: Session | undefined;

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

  /** Gives the lock back, with the new session where there is one. */
  const unlock = (until: number, opened?: Session) =>
    writes.update(
      KEY,
      { set: { ...opened }, remove: ['lock_until'] },
      { when: 'lock_until = :until', values: { ':until': until } },
    );

  /** A password that isn't good any more: unless there is a newer one, nobody logs in with it for a while. */
  async function badLogin(user: Login): Promise<UpstreamError> {
    const latest = await credentials({ anew: true });
    if (latest.version !== user.version) return new UpstreamError('REFUSED', 'the AnyCheck credentials were replaced');
    await limiter.refuse(user.version, 'login');
    return new UpstreamError('REFUSED', 'AnyCheck refuses the email and password', { fleetWide: true });
  }

  /** @param before a session of the same credentials that merely ends soon: it is renewed, without a login. */
  async function open(user: Login, before: Session | undefined, caller: AbortSignal): Promise<Session> {
    const signal = AbortSignal.any([caller, AbortSignal.timeout(OPENING)]);
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

  /** @param refusedToken an access token that AnyCheck doesn't take any more. */
  async function current(user: Login, refusedToken: string | undefined, signal: AbortSignal): Promise<Session> {
    const isGood = (one: Session) =>
      one.credentials === user.version && one.access_token !== refusedToken && one.renew_at > now();
    if (kept && isGood(kept)) return kept;
    while (!signal.aborted) {
      kept = await stored();
      if (kept && isGood(kept)) return kept;
      const until = now() + LOCK;
      if (await lock(until)) {
        let opened: Session | undefined;
        try {
          const latest = await stored();
          const isRenewable = latest?.credentials === user.version && latest.access_token !== refusedToken;
          opened = latest && isGood(latest) ? latest : await open(user, isRenewable ? latest : undefined, signal);
          kept = opened;
          return opened;
        } finally {
          await unlock(until, opened);
        }
      }
      await sleep(POLL);
    }
    throw new UpstreamError('TIMED_OUT', 'another worker took too long to log in to AnyCheck');
  }

  async function authorize(before: Access | undefined, signal: AbortSignal): Promise<Access> {
    // A key that was refused may have been replaced; a token may simply have ended.
    let known = await credentials({ anew: before?.headers['x-api-key'] !== undefined });
    if ('api_key' in known) return byKey(known);
    const refusedToken = before?.headers.authorization?.replace(/^Bearer /, '');
    // A session of another version of the secret: this worker's copy may be the old one, and would end it.
    const session = (refusedToken === undefined && kept) || (await stored());
    if (session && session.credentials !== known.version) {
      known = await credentials({ anew: true });
      if ('api_key' in known) return byKey(known);
    }
    const { access_token } = await current(known, refusedToken, signal);
    return { headers: { authorization: `Bearer ${access_token}` }, credentials: known.version };
  }

  /** Whatever keeps a request from being let in is AnyCheck not being there, to whoever asks for a group. */
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

/** ms that a JWT has left by its own claims; one that AnyCheck ends sooner is replaced when it is refused. */
function lifeOf(token: string, now: number): number {
  try {
    const claims = Claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
    return Math.max(0, claims.exp * 1000 - now);
  } catch {
    return LIFETIME;
  }
}
