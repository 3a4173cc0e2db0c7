import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Authorization, anycheckClient } from '../../../functions/adapters/anycheck.ts';
import type { Credentials } from '../../../functions/adapters/anycheck-credentials.ts';
import { anycheckHttp } from '../../../functions/adapters/anycheck-http.ts';
import { anycheckAuthorization } from '../../../functions/adapters/anycheck-session.ts';
import { UpstreamError } from '../../../functions/domain/errors.ts';
import { FIXTURE_GROUPS } from '../../../lib/local/sandbox/groups.ts';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../lib/local/sandbox/server.ts';
import { type Engine, rowsOf, startEmbedded } from '../../fakes/engine.ts';

const GROUP = FIXTURE_GROUPS.find(({ name }) => name === 'BPKB')?.resultId ?? '';
const { apiKey, email, password } = SANDBOX_CREDENTIALS;
const KEY: Credentials = { api_key: apiKey, version: '1' };
const LOGIN: Credentials = { email, password, version: '1' };

let engine: Engine;
let sandbox: Sandbox;
let table: string;
let held: Credentials;
let now: number;

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  now = Date.now();
  sandbox = await startSandbox({ now: () => now });
  table = await engine.table();
  held = KEY;
});
afterEach(() => sandbox.close());

/** AnyCheck as one Lambda instance sees it: sessions are shared through the table, and nothing else. */
function instance(baseUrl = sandbox.url) {
  const http = anycheckHttp(baseUrl);
  const authorization: Authorization = anycheckAuthorization({
    http,
    credentials: async () => held,
    client: engine.client,
    table,
    now: () => now,
  });
  return anycheckClient(http, authorization);
}
const ask = (anycheck = instance(), signal = AbortSignal.timeout(5000)) =>
  anycheck.list(GROUP, { offset: 0, size: 100 }, signal);
const reasonOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UpstreamError)) throw new Error('no UpstreamError', { cause: error });
  return error;
};
const logins = () => sandbox.controls.calls().calls.filter(({ path }) => path.startsWith('/auth/login')).length;

describe('AnyCheck’s list', () => {
  it('is asked for with an API key, by group, offset and size', async () => {
    const { total, items } = await instance().list(GROUP, { offset: 1, size: 1 }, AbortSignal.timeout(5000));
    expect([total, items.length]).toEqual([2, 1]);
    const [call] = sandbox.controls.calls().calls;
    expect(call?.path).toContain(`result_id=${GROUP}`);
  });

  it.each([
    [{ kind: 'bad_key' }, 'REFUSED'],
    [{ kind: 'status', status: 403, error_code: 'FORBIDDEN' }, 'REFUSED'],
    [{ kind: 'status', status: 403, error_code: 'QUOTA_EXCEEDED' }, 'THROTTLED'],
    [{ kind: 'status', status: 429, error_code: 'SOMETHING_NEW', headers: { 'retry-after': '7' } }, 'THROTTLED'],
    [{ kind: 'status', status: 404, error_code: 'NOT_FOUND' }, 'NOT_FOUND'],
    [{ kind: 'status', status: 500, error_code: 'INTERNAL_SERVER_ERROR' }, 'UNAVAILABLE'],
    [{ kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'UNAVAILABLE'],
    [{ kind: 'html' }, 'UNAVAILABLE'],
    [{ kind: 'reset' }, 'UNAVAILABLE'],
    [{ kind: 'cut_off' }, 'UNAVAILABLE'],
    [{ kind: 'html_200' }, 'MALFORMED'],
    [{ kind: 'truncate' }, 'MALFORMED'],
    [{ kind: 'error_200' }, 'MALFORMED'],
    [{ kind: 'empty_body' }, 'MALFORMED'],
    [{ kind: 'not_an_object' }, 'MALFORMED'],
    [{ kind: 'missing_id' }, 'MALFORMED'],
    [{ kind: 'wrong_types' }, 'MALFORMED'],
    [{ kind: 'foreign_group' }, 'MALFORMED'],
  ])('that fails as %j is %s', async (fault, reason) => {
    sandbox.controls.addFaults({ ...fault, times: 2 });
    expect((await reasonOf(ask())).reason).toBe(reason);
  });

  it('that hangs is given up when the caller’s time is over', async () => {
    sandbox.controls.addFaults({ kind: 'hang' }, { kind: 'stall' });
    expect((await reasonOf(ask(instance(), AbortSignal.timeout(100)))).reason).toBe('TIMED_OUT');
    expect((await reasonOf(ask(instance(), AbortSignal.timeout(100)))).reason).toBe('TIMED_OUT');
  });

  it('that nobody serves is UNAVAILABLE', async () => {
    expect((await reasonOf(ask(instance('http://127.0.0.1:1')))).reason).toBe('UNAVAILABLE');
  });

  it('tells how long AnyCheck asked to wait, in seconds or as a date', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    expect((await reasonOf(ask())).retryAfter).toBe(7);
    const date = new Date(Date.now() + 30_000).toUTCString();
    sandbox.controls.addFaults({ kind: 'status', status: 503, headers: { 'retry-after': date } });
    expect((await reasonOf(ask())).retryAfter).toBeCloseTo(30, -1);
  });

  it('believes no wait of more than an hour', async () => {
    for (const wait of ['999999', new Date(8e15).toUTCString()]) {
      sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': wait } });
      expect((await reasonOf(ask())).retryAfter).toBe(3600);
    }
    sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': 'soon' } });
    expect((await reasonOf(ask())).retryAfter).toBeUndefined();
  });

  it('never puts anything of a body into its errors', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 400, error_code: 'BUDI SANTOSO', message: 'BUDI SANTOSO' });
    expect((await reasonOf(ask())).message).toBe('AnyCheck answered 400');
  });
});

describe('an AnyCheck session', () => {
  beforeEach(() => {
    held = LOGIN;
  });

  it('is opened once, however many workers start at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => ask()));
    expect(logins()).toBe(1);
    await ask();
    expect(logins()).toBe(1);
  });

  it('that another login ended is opened again, once', async () => {
    const workers = Array.from({ length: 10 }, () => instance());
    await Promise.all(workers.map((worker) => ask(worker)));
    sandbox.controls.endSession();
    await Promise.all(workers.map((worker) => ask(worker)));
    expect(logins()).toBe(2);
  });

  it('is renewed with its refresh token ahead of its end', async () => {
    const worker = instance();
    await ask(worker);
    now += 53 * 60_000;
    await ask(worker);
    expect(sandbox.controls.calls().counts['POST /auth/refresh'] ?? 0).toBe(0);
    now += 2 * 60_000;
    await ask(worker);
    const paths = sandbox.controls.calls().calls.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('/auth/'))).toEqual(['/auth/login', '/auth/refresh']);
  });

  it('is opened anew with other credentials', async () => {
    await ask();
    held = { ...LOGIN, version: '2' };
    await ask();
    expect(logins()).toBe(2);
  });

  it.each(['a\nb', 'ключ', ''])(
    'takes no token that can not stand in a header (%j), and tries again',
    async (token) => {
      const bad = JSON.stringify({ access_token: token, refresh_token: 'x' });
      let logins = 0;
      const http = anycheckHttp(sandbox.url);
      const authorization = anycheckAuthorization({
        http: async (path, request) =>
          path === '/auth/login' && ++logins === 1 ? { ok: true, body: bad } : http(path, request),
        credentials: async () => LOGIN,
        client: engine.client,
        table,
        now: () => now,
      });
      const anycheck = anycheckClient(http, authorization);
      expect((await reasonOf(ask(anycheck))).reason).toBe('MALFORMED');
      expect((await ask(anycheck)).total).toBe(2);
    },
  );

  it('whose login hangs is given up when the caller’s time is over', async () => {
    sandbox.controls.addFaults({ kind: 'hang', route: 'login' });
    const begun = Date.now();
    expect((await reasonOf(ask(instance(), AbortSignal.timeout(200)))).reason).toBe('TIMED_OUT');
    expect(Date.now() - begun).toBeLessThan(2000);
  });

  it('survives a rotation of the secret that not every worker has heard of', async () => {
    const http = anycheckHttp(sandbox.url);
    // Each worker reads the secret once, and anew only when told to.
    const worker = () => {
      let copy = held;
      const credentials = async ({ anew } = { anew: false }) => {
        if (anew) copy = held;
        return copy;
      };
      return anycheckClient(
        http,
        anycheckAuthorization({ http, credentials, client: engine.client, table, now: () => now }),
      );
    };
    const before = worker();
    await ask(before);
    held = { ...LOGIN, version: '2' };
    const after = worker();
    for (let i = 0; i < 5; i++) {
      await ask(after);
      await ask(before);
    }
    expect(logins()).toBe(2);
  });

  it('with a wrong password is REFUSED, and another worker may try at once', async () => {
    held = { email, password: 'wrong', version: '1' };
    expect((await reasonOf(ask())).reason).toBe('REFUSED');
    held = LOGIN;
    await ask();
    const [row] = await rowsOf(engine.client, table);
    expect(row).not.toHaveProperty('lock_until');
  });

  it('keeps neither email nor password in the table', async () => {
    await ask();
    const text = JSON.stringify(await rowsOf(engine.client, table));
    expect(text).not.toContain(email);
    expect(text).not.toContain(password);
  });
});

describe('an API key', () => {
  it('that was replaced is tried again with the new one', async () => {
    const worker = instance();
    held = { api_key: 'old', version: '1' };
    let reads = 0;
    const credentials = async () => (++reads === 1 ? held : KEY);
    const http = anycheckHttp(sandbox.url);
    const authorization = anycheckAuthorization({ http, credentials, client: engine.client, table, now: () => now });
    expect((await ask(anycheckClient(http, authorization))).total).toBe(2);
    expect((await reasonOf(ask(worker))).reason).toBe('REFUSED');
  });
});
