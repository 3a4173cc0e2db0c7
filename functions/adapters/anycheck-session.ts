import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { UpstreamError } from '../domain/errors.ts';
import { type Authorization, refused } from './anycheck.ts';
import type { Credentials } from './anycheck-credentials.ts';
import type { Http } from './anycheck-http.ts';
import { holds } from './document-client.ts';

/** The share of a token's life after which it is renewed, ahead of its end. */
const RENEW_AFTER = 0.9;
/** ms that an access token lives by AnyCheck's documentation, where it doesn't say so itself. */
const LIFETIME = 3_600_000;
/** ms after which another worker may log in for one that died at it: longer than a request may take. */
const LOCK = 25_000;
/** ms between two looks at a login that another worker is doing. */
const POLL = 150;

const Tokens = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1) });
const Claims = z.object({ exp: z.number() });

const Session = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  /** ms since the epoch. */
  renew_at: z.number(),
  /** The secret's version that it was opened with. */
  credentials: z.string(),
});
type Session = z.infer<typeof Session>;

const KEY = { pk: 'anycheck#session', sk: 'head#session' };

export interface SessionDeps {
  readonly http: Http;
  readonly credentials: () => Promise<Credentials>;
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly now: () => number;
}

/**
 * API key, or one AnyCheck session for the whole fleet: its tokens are shared through a row of the table, and only the worker
 * that holds the row's lock logs in (AnyCheck is likely to end a user's session at each new login).
 */
export function anycheckAuthorization({ http, credentials, client, table, now }: SessionDeps): Authorization {
  let session: Session | undefined;

  async function stored(): Promise<Session | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName: table, Key: KEY, ConsistentRead: true }));
    return Session.safeParse(Item).data;
  }

  const lock = (until: number) =>
    holds(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: KEY,
          UpdateExpression: 'SET lock_until = :until',
          ConditionExpression: 'attribute_not_exists(lock_until) OR lock_until <= :now',
          ExpressionAttributeValues: { ':until': until, ':now': now() },
        }),
      ),
    );

  /** Gives the lock back, with the new session where there is one. */
  async function unlock(until: number, opened?: Session): Promise<void> {
    const names = opened ? ['access_token', 'refresh_token', 'renew_at', 'credentials'] : [];
    await holds(
      client.send(
        new UpdateCommand({
          TableName: table,
          Key: KEY,
          UpdateExpression: `${opened ? `SET ${names.map((name) => `${name} = :${name}`).join(', ')} ` : ''}REMOVE lock_until`,
          ConditionExpression: 'lock_until = :until',
          ExpressionAttributeValues: {
            ':until': until,
            ...(opened && Object.fromEntries(Object.entries(opened).map(([name, value]) => [`:${name}`, value]))),
          },
        }),
      ),
    );
  }

  async function open(user: { email: string; password: string; version: string }, before: Session | undefined) {
    const ask = (path: string, body: unknown) => http(path, { method: 'POST', body });
    const renewed = before && (await ask('/auth/refresh', { refresh_token: before.refresh_token }));
    const answer = renewed?.ok ? renewed : await ask('/auth/login', { email: user.email, password: user.password });
    if (!answer.ok) throw refused(answer);
    const tokens = parseTokens(answer.body);
    const at = now();
    return { ...tokens, renew_at: at + lifeOf(tokens.access_token, at) * RENEW_AFTER, credentials: user.version };
  }

  /** @param refusedToken an access token that AnyCheck doesn't take any more. */
  async function current(
    user: { email: string; password: string; version: string },
    refusedToken: string | undefined,
    signal: AbortSignal,
  ): Promise<Session> {
    const isGood = (one: Session) =>
      one.credentials === user.version && one.access_token !== refusedToken && one.renew_at > now();
    if (session && isGood(session)) return session;
    while (!signal.aborted) {
      session = await stored();
      if (session && isGood(session)) return session;
      const until = now() + LOCK;
      if (await lock(until)) return openLocked(until);
      await sleep(POLL);
    }
    throw new UpstreamError('TIMED_OUT', 'another worker took too long to log in to AnyCheck');

    async function openLocked(until: number): Promise<Session> {
      let opened: Session | undefined;
      try {
        const latest = await stored();
        // A token that merely ends soon is renewed; one that was refused, or another user's, takes a login.
        const renewable = latest?.credentials === user.version && latest.access_token !== refusedToken;
        opened = latest && isGood(latest) ? latest : await open(user, renewable ? latest : undefined);
        session = opened;
        return opened;
      } finally {
        await unlock(until, opened);
      }
    }
  }

  const bearer = (one: Session) => ({ authorization: `Bearer ${one.access_token}` });

  return {
    async headers(signal) {
      const known = await credentials();
      if ('api_key' in known) return { 'x-api-key': known.api_key };
      return bearer(await current(known, undefined, signal));
    },

    async renewed(headers, signal) {
      const known = await credentials();
      if ('api_key' in known)
        return known.api_key === headers['x-api-key'] ? undefined : { 'x-api-key': known.api_key };
      return bearer(await current(known, headers.authorization?.replace(/^Bearer /, ''), signal));
    },
  };
}

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
