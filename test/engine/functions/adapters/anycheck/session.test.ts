import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../../../functions/adapters/anycheck/credentials.ts';
import { anycheckHttp, type Http } from '../../../../../functions/adapters/anycheck/http.ts';
import type { AnyCheck } from '../../../../../functions/domain/upstream/anycheck.ts';
import type { UpstreamEvent } from '../../../../../functions/domain/upstream/breaker.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import type { FaultRequest } from '../../../../../lib/sandbox/controls/control-requests.ts';
import { FIXTURE_GROUPS } from '../../../../../lib/sandbox/groups/groups.ts';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../../../lib/sandbox/server.ts';
import { anycheckInstance } from '../../../../fakes/anycheck-instance.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';

const GROUP = FIXTURE_GROUPS.find(({ name }) => name === 'BPKB')?.resultId ?? '';
const { email, password } = SANDBOX_CREDENTIALS;
const HTML = '<!doctype html><html></html>';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let engine: Engine;
let sandbox: Sandbox;
let table: string;
let now: number;
/** ms by which AnyCheck's clock is ahead of ours. */
let ahead: number;
let held: Credentials;
let emitted: UpstreamEvent[];

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  [now, ahead, emitted] = [Date.now(), 0, []];
  held = { email, password, version: '1' };
  sandbox = await startSandbox({ now: () => now + ahead });
  sandbox.controls.setLimits({ limit: null });
  table = await engine.table();
});
afterEach(() => sandbox.close());

const instance = (http: Http = anycheckHttp(sandbox.url)): AnyCheck =>
  anycheckInstance({
    client: engine.client,
    table,
    http,
    credentials: async () => held,
    now: () => now,
    emit: (event) => emitted.push(event),
  });
const list = (anycheck = instance(), signal = AbortSignal.timeout(15_000)) =>
  anycheck.list(GROUP, { offset: 0, size: 100 }, signal);
/** The reason of the failure, or how many items are listed. */
const outcome = (call: Promise<{ total: number }>) =>
  call.then(
    ({ total }) => total,
    (error: unknown) => {
      if (error instanceof UpstreamError) return error.reason;
      throw error;
    },
  );
const inject = (...faults: FaultRequest[]) => sandbox.controls.addFaults(...faults);
const paths = () => sandbox.controls.calls().calls.map(({ path }) => path.split('?')[0]);
const count = (path: string) => paths().filter((one) => one === path).length;
const row = async () => (await rowsOf(engine.client, table)).find(({ pk }) => pk === 'anycheck#session') ?? {};

/** One read a second of several instances, for a time. @returns the calls of each path. */
async function readFor(ms: number, workers = [instance(), instance(), instance()]) {
  sandbox.controls.clearCalls();
  const end = now + ms;
  const outcomes: unknown[] = [];
  for (let n = 0; now < end; n++) {
    outcomes.push(await outcome(list(workers[n % workers.length])));
    now += SECOND;
  }
  return { logins: count('/auth/login'), refreshes: count('/auth/refresh'), lists: count('/verifications'), outcomes };
}

/** Ways in which a call to a route of AnyCheck's that issues tokens fails. */
const failures = (route: 'login' | 'refresh'): FaultRequest[] => [
  { kind: 'status', status: 500, route },
  { kind: 'status', status: 401, error_code: 'INVALID_TOKEN', route },
  { kind: 'status', status: 400, error_code: 'INVALID_REQUEST', route },
  { kind: 'raw', status: 401, route },
  { kind: 'raw', status: 403, body: HTML, route },
  { kind: 'raw', body: HTML, route },
  { kind: 'raw', body: '[]', route },
  { kind: 'wrapped', route },
  { kind: 'without_member', member: 'access_token', route },
  { kind: 'other_status', status: 204, route },
  { kind: 'reset', route },
];

describe('a token refresh', () => {
  const renewed = async () => {
    const worker = instance();
    await list(worker);
    now += 55 * MINUTE;
    return worker;
  };

  it.each([
    { kind: 'without_member', member: 'refresh_token' },
    { kind: 'other_status', status: 201 },
  ])('that is answered as %j renews the session', async (fault) => {
    const worker = await renewed();
    const before = await row();
    inject({ ...fault, route: 'refresh' });
    expect(await outcome(list(worker))).toBe(2);
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([1, 1]);
    const after = await row();
    expect(after.access_token).not.toBe(before.access_token);
    // AnyCheck may keep the refresh token (RFC 6749, section 6).
    if (fault.kind === 'without_member') expect(after.refresh_token).toBe(before.refresh_token);
  });

  it.each(failures('refresh'))('that fails as %j costs one login of the whole fleet', async (fault) => {
    await renewed();
    inject({ ...fault, times: 1_000 });
    const workers = Array.from({ length: 8 }, () => instance());
    expect(await Promise.all(workers.map((worker) => outcome(list(worker))))).toEqual(workers.map(() => 2));
    for (const worker of workers) expect(await outcome(list(worker))).toBe(2);
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([2, 1]);
  });

  it('that hangs is not repeated, and costs one login', async () => {
    const worker = await renewed();
    inject({ kind: 'hang', route: 'refresh', times: 1_000 });
    expect(await outcome(list(worker))).toBe(2);
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([2, 1]);
  });

  it('that fails together with the login leaves the fleet its token until that ends', async () => {
    await renewed();
    inject(
      { kind: 'raw', body: HTML, route: 'refresh', times: 1_000 },
      { kind: 'raw', body: HTML, route: 'login', times: 1_000 },
    );
    const { outcomes, logins, refreshes } = await readFor(30 * SECOND);
    expect(outcomes.every((one) => one === 2)).toBe(true);
    expect(refreshes).toBe(1);
    expect(logins).toBe(2);
    expect(emitted).toEqual([]);
  });
});

describe('a login', () => {
  it.each([...failures('login'), { kind: 'raw', status: 429, body: HTML, route: 'login' } as const])(
    'that fails as %j is attempted once in 10 s at most, then less often, by the whole fleet',
    async (fault) => {
      inject({ ...fault, times: 1_000 });
      const { logins, lists } = await readFor(40 * SECOND);
      expect(lists).toBe(0);
      expect(logins).toBeGreaterThan(1);
      // At 0, 10 and 30 s.
      expect(logins).toBeLessThanOrEqual(3);
      sandbox.controls.clearFaults();
      now += MINUTE;
      expect(await outcome(list())).toBe(2);
      now += SECOND;
      sandbox.controls.endSession();
      expect(await outcome(list())).toBe(2);
    },
  );

  it.each(failures('login').filter(({ kind }) => kind !== 'status'))(
    'that fails as %j opens the circuit, and the first accepted session closes it',
    async (fault) => {
      inject({ ...fault, times: 1_000 });
      await readFor(12 * SECOND);
      expect(emitted).toEqual(['circuit opened']);
      sandbox.controls.clearFaults();
      now += MINUTE;
      expect(await outcome(list())).toBe(2);
      expect(emitted).toEqual(['circuit opened', 'circuit closed']);
    },
  );

  it('without a refresh token opens a session that lasts until its token ends', async () => {
    inject({ kind: 'without_member', member: 'refresh_token', route: 'login', times: 1_000 });
    const worker = instance();
    for (let minutes = 0; minutes < 60; minutes += 5) {
      expect(await outcome(list(worker))).toBe(2);
      now += 5 * MINUTE;
    }
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([1, 0]);
    expect(await outcome(list(worker))).toBe(2);
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([2, 0]);
  });

  it('with a refresh token that is no text is one without', async () => {
    const http = anycheckHttp(sandbox.url);
    const changed: Http = async (path, request) => {
      const answer = await http(path, request);
      if (!answer.ok || path !== '/auth/login') return answer;
      return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), refresh_token: null }) };
    };
    expect(await outcome(list(instance(changed)))).toBe(2);
    expect(await row()).not.toHaveProperty('refresh_token');
  });

  it('that is answered 201 opens a session', async () => {
    inject({ kind: 'other_status', status: 201, route: 'login' });
    expect(await outcome(list())).toBe(2);
    expect(await outcome(list())).toBe(2);
    expect(count('/auth/login')).toBe(1);
  });

  it('of which no token is accepted is a failed one', async () => {
    inject({ kind: 'raw', status: 401, times: 1_000 });
    const { logins, lists, outcomes } = await readFor(40 * SECOND);
    expect(logins).toBeLessThanOrEqual(3);
    expect(lists).toBeLessThanOrEqual(8);
    expect(outcomes).not.toContain(2);
    expect(emitted).toEqual(['circuit opened']);
    sandbox.controls.clearFaults();
    now += MINUTE;
    expect(await outcome(list())).toBe(2);
    expect(emitted).toEqual(['circuit opened', 'circuit closed']);
    expect(await row()).not.toHaveProperty('logins');
  });

  it('with tokens that are too long to be kept fails', async () => {
    const long = JSON.stringify({ access_token: 'x'.repeat(500_000), refresh_token: 'y' });
    const http: Http = async () => ({ ok: true, body: long, announced: undefined });
    expect(await outcome(list(instance(http)))).toBe('MALFORMED');
  });

  it('is due at once with another password', async () => {
    inject({ kind: 'wrapped', route: 'login' });
    expect(await outcome(list())).toBe('MALFORMED');
    held = { email, password, version: '2' };
    expect(await outcome(list())).toBe(2);
  });
});

describe('a token whose end lies in the past by our clock', () => {
  it('is used until AnyCheck refuses it', async () => {
    ahead = -2 * 60 * MINUTE;
    const worker = instance();
    for (let n = 0; n < 10; n++) {
      expect(await outcome(list(worker))).toBe(2);
      now += SECOND;
    }
    expect([count('/auth/login'), count('/auth/refresh')]).toEqual([1, 0]);
    sandbox.controls.endSession();
    expect(await outcome(list(worker))).toBe(2);
    expect(count('/auth/login')).toBe(2);
  });

  it.each([
    ['an end of a minute ago', { exp: -60 }],
    ['an end in a second', { exp: 1 }],
    ['an end in a second, and a start in an hour', { exp: 1, iat: 3_600 }],
    ['an end that is no time', { exp: 1e300 }],
  ])('or %s is not renewed at every call', async (_, { exp, iat }: { exp: number; iat?: number }) => {
    const claims = { exp: now / SECOND + exp, ...(iat !== undefined && { iat: now / SECOND + iat }) };
    const token = `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
    const called: string[] = [];
    const http: Http = async (path) => {
      called.push(path);
      const body = path.startsWith('/auth')
        ? JSON.stringify({ access_token: token, refresh_token: 'r' })
        : '{"total":0,"overall_status":null,"items":[]}';
      return { ok: true, body, announced: undefined };
    };
    const worker = instance(http);
    for (let n = 0; n < 10; n++) {
      expect(await outcome(list(worker))).toBe(0);
      now += 2 * SECOND;
    }
    expect(called.filter((path) => path.startsWith('/auth'))).toEqual(['/auth/login']);
  });
});

it('a session row that an earlier build wrote is used and renewed', async () => {
  const worker = instance();
  await list(worker);
  const { access_token, refresh_token } = await row();
  const Item = {
    pk: 'anycheck#session',
    sk: 'head#session',
    v: 1,
    access_token,
    refresh_token,
    credentials: '1',
    renew_at: now + MINUTE,
  };
  await engine.client.send(new PutCommand({ TableName: table, Item }));
  expect(await outcome(list())).toBe(2);
  now += 2 * MINUTE;
  expect(await outcome(list())).toBe(2);
  expect([count('/auth/login'), count('/auth/refresh')]).toEqual([1, 1]);
});
