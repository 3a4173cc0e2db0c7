import { describe, expect, it } from 'vitest';
import { CallError, unreachable } from '../../../../../../functions/console/page/api/call-error.ts';
import { createSession } from '../../../../../../functions/console/page/session/session.ts';
import { endOf, type Tokens } from '../../../../../../functions/console/page/session/tokens.ts';

const MINUTE = 60_000;

/** A session in a tab whose storage and clock the test holds. */
function sessionIn(storage = new Map<string, string>(), refreshed: () => Promise<Tokens> = async () => FAILED) {
  const clock = { now: 0 };
  const spent: string[] = [];
  const session = createSession({
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
    },
    now: () => clock.now,
    refresh: (token) => {
      spent.push(token);
      return refreshed();
    },
  });
  return { session, clock, spent, storage };
}

const failed = (status: number) => new CallError('The refresh failed.', { status, code: 'UNEXPECTED' });
const FAILED: Tokens = { accessToken: 'unused' };
const FIRST: Tokens = { accessToken: 'access-1', refreshToken: 'refresh-1', endsAt: 60 * MINUTE };
const SECOND: Tokens = { accessToken: 'access-2', refreshToken: 'refresh-2', endsAt: 120 * MINUTE };

describe('a session', () => {
  it('stores the access token for a reload of the tab, and never the refresh token', async () => {
    const { session, storage } = sessionIn();
    session.begin(FIRST);
    expect([...storage.values()].join()).toContain('access-1');
    expect([...storage.values()].join()).not.toContain('refresh-1');
    const reloaded = sessionIn(storage).session;
    expect(reloaded.state()).toBe('in');
    expect(await reloaded.token()).toBe('access-1');
  });

  it('refreshes a token once before its end, however many calls need it', async () => {
    const { session, clock, spent } = sessionIn(new Map(), async () => SECOND);
    session.begin(FIRST);
    clock.now = 58 * MINUTE;
    expect(await session.token()).toBe('access-1');
    clock.now = 59.5 * MINUTE;
    expect(await Promise.all([session.token(), session.token()])).toEqual(['access-2', 'access-2']);
    expect(spent).toEqual(['refresh-1']);
  });

  it('keeps its refresh token where the issuer sends no other one', async () => {
    const next = { ...SECOND, refreshToken: undefined };
    const { session, clock, spent } = sessionIn(new Map(), async () => next);
    session.begin(FIRST);
    for (const minute of [59.5, 119.5]) {
      clock.now = minute * MINUTE;
      expect(await session.token()).toBe('access-2');
    }
    expect(spent).toEqual(['refresh-1', 'refresh-1']);
  });

  it.each([400, 401, 403])(
    'uses the token up where a refresh is refused with %i, and tries no other',
    async (status) => {
      const { session, clock, spent } = sessionIn(new Map(), () => Promise.reject(failed(status)));
      session.begin(FIRST);
      clock.now = 59.5 * MINUTE;
      expect(await session.token()).toBe('access-1');
      clock.now = 61 * MINUTE;
      expect(await session.token()).toBe('access-1');
      expect(spent).toEqual(['refresh-1']);
    },
  );

  it.each([
    ['no answer', unreachable()],
    ['a 429', failed(429)],
    ['a 503', failed(503)],
    ['a fault of the page', new TypeError()],
  ])('refreshes with the next call after %s', async (_, error) => {
    let isDown = true;
    const { session, clock, spent } = sessionIn(new Map(), async () => {
      if (isDown) throw error;
      return SECOND;
    });
    session.begin(FIRST);
    clock.now = 59.5 * MINUTE;
    expect(await session.token()).toBe('access-1');
    clock.now = 60 * MINUTE;
    await expect(session.token()).rejects.toBe(error);
    expect(session.state()).toBe('in');
    isDown = false;
    expect(await session.token()).toBe('access-2');
    expect(spent).toEqual(['refresh-1', 'refresh-1', 'refresh-1']);
  });

  it.each(['', 'access-1', '{"accessToken":', '{}', 'null', '{"accessToken":1}'])(
    'is absent where the storage of the tab holds %j',
    async (text) => {
      const { session } = sessionIn(new Map([['anycheck-snapshots.console', text]]));
      expect(session.state()).toBe('out');
      expect(await session.token()).toBeUndefined();
    },
  );

  it('forgets every token when the user signs out', async () => {
    const { session, storage } = sessionIn();
    session.begin(FIRST);
    session.end();
    expect(session.state()).toBe('out');
    expect(await session.token()).toBeUndefined();
    expect(storage.size).toBe(0);
  });

  it('ends when the service refuses its token, and reports that', () => {
    const { session, storage } = sessionIn();
    let changes = 0;
    session.begin(FIRST);
    session.onChange(() => changes++);
    session.end('access-1');
    expect(session.state()).toBe('ended');
    expect(storage.size).toBe(0);
    expect(changes).toBe(1);
  });

  it('goes on where the service refuses the token of an earlier sign-in', () => {
    const { session } = sessionIn();
    session.begin(FIRST);
    session.begin(SECOND);
    session.end('access-1');
    expect(session.state()).toBe('in');
    expect(session.generation()).toBe(2);
  });

  it('keeps no tokens of a refresh that ends after the user has signed out', async () => {
    const { promise, resolve } = Promise.withResolvers<Tokens>();
    const { session, clock, storage } = sessionIn(new Map(), () => promise);
    session.begin(FIRST);
    clock.now = 60 * MINUTE;
    const token = session.token();
    session.end();
    resolve(SECOND);
    expect(await token).toBeUndefined();
    expect(storage.size).toBe(0);
  });
});

describe('the end of a token', () => {
  const tokenWith = (payload: object) => `x.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.y`;

  it('counts from its arrival, so that a wrong clock of the browser does no harm', () => {
    expect(endOf(tokenWith({ iat: 1_000, exp: 4_600, name: 'ÿ?>' }), 7)).toBe(3_600_007);
  });

  it.each(['opaque', 'a.b.c', tokenWith({ sub: 'x' })])('is unknown for %j', (token) => {
    expect(endOf(token, 0)).toBeUndefined();
  });
});
