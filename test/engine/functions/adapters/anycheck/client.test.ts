import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credentials } from '../../../../../functions/adapters/anycheck/credentials.ts';
import { anycheckHttp, type Http } from '../../../../../functions/adapters/anycheck/http.ts';
import type { UpstreamEvent } from '../../../../../functions/domain/upstream/breaker.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import type { Counted } from '../../../../../functions/domain/upstream/feedback.ts';
import { FIXTURE_GROUPS } from '../../../../../lib/sandbox/groups/groups.ts';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../../../lib/sandbox/server.ts';
import { anycheckInstance } from '../../../../fakes/anycheck-instance.ts';
import { type Engine, rowsOf, startEmbedded } from '../../../../fakes/engine.ts';

const GROUP = FIXTURE_GROUPS.find(({ name }) => name === 'BPKB')?.resultId ?? '';
const { apiKey, email, password } = SANDBOX_CREDENTIALS;
const KEY: Credentials = { api_key: apiKey, version: '1' };
const LOGIN: Credentials = { email, password, version: '1' };

let engine: Engine;
let sandbox: Sandbox;
let table: string;
let held: Credentials;
let now: number;
let emitted: UpstreamEvent[];
let counted: Counted[];

beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  now = Date.now();
  [emitted, counted] = [[], []];
  sandbox = await startSandbox({ now: () => now });
  sandbox.controls.setLimits({ limit: null });
  table = await engine.table();
  held = KEY;
});
afterEach(() => sandbox.close());

interface Instance {
  readonly http: Http;
  readonly credentials: (options?: { readonly anew: boolean }) => Promise<Credentials>;
}

/** AnyCheck as one Lambda instance sees it: session and budget are shared through the table, and nothing else. */
function instance({ http = anycheckHttp(sandbox.url), credentials = async () => held }: Partial<Instance> = {}) {
  return anycheckInstance({
    client: engine.client,
    table,
    http,
    credentials,
    now: () => now,
    emit: (event) => emitted.push(event),
    count: (what) => counted.push(what),
  });
}
const listPage = (anycheck = instance(), signal = AbortSignal.timeout(5000)) =>
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
  it('is requested with an API key, by group, offset and size', async () => {
    const { total, items } = await instance().list(GROUP, { offset: 1, size: 1 }, AbortSignal.timeout(5000));
    expect([total, items.length]).toEqual([2, 1]);
    const [call] = sandbox.controls.calls().calls;
    expect(call?.path).toContain(`result_id=${GROUP}`);
  });

  it.each([
    [{ kind: 'bad_key' }, 'REFUSED'],
    [{ kind: 'status', status: 403, error_code: 'FORBIDDEN' }, 'REFUSED'],
    [{ kind: 'status', status: 403, error_code: 'QUOTA_EXCEEDED' }, 'QUOTA_EXCEEDED'],
    [{ kind: 'status', status: 429, error_code: 'QUOTA_EXCEEDED' }, 'THROTTLED'],
    [{ kind: 'status', status: 429, error_code: 'SOMETHING_NEW', headers: { 'retry-after': '7' } }, 'THROTTLED'],
    [{ kind: 'status', status: 404, error_code: 'NOT_FOUND' }, 'NOT_FOUND'],
    [{ kind: 'raw', status: 404, body: '<html></html>' }, 'UNAVAILABLE'],
    [{ kind: 'raw', status: 404, body: '{"message":"Not Found"}' }, 'UNAVAILABLE'],
    [{ kind: 'raw', status: 404, body: '{"error_code":"NOT_FOUND","message":"none"}' }, 'NOT_FOUND'],
    [{ kind: 'raw', status: 403, body: '<html></html>' }, 'REFUSED'],
    [{ kind: 'raw', status: 401 }, 'REFUSED'],
    [{ kind: 'raw', status: 451 }, 'REJECTED'],
    [{ kind: 'raw', body: 'null' }, 'MALFORMED'],
    [{ kind: 'status', status: 400, error_code: 'INVALID_REQUEST' }, 'REJECTED'],
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
    sandbox.controls.addFaults({ ...fault, times: 10 });
    expect((await reasonOf(listPage())).reason).toBe(reason);
  });

  it('that hangs is given up when the caller’s time is over', async () => {
    sandbox.controls.addFaults({ kind: 'hang' }, { kind: 'stall' });
    expect((await reasonOf(listPage(instance(), AbortSignal.timeout(100)))).reason).toBe('TIMED_OUT');
    expect((await reasonOf(listPage(instance(), AbortSignal.timeout(100)))).reason).toBe('TIMED_OUT');
  });

  it('that does not answer is UNAVAILABLE', async () => {
    expect((await reasonOf(listPage(instance({ http: anycheckHttp('http://127.0.0.1:1') })))).reason).toBe(
      'UNAVAILABLE',
    );
  });

  it('returns the Retry-After of AnyCheck, in seconds or as a date', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
    expect((await reasonOf(listPage())).retryAfter).toBe(7);
    now += 8_000;
    const date = new Date(Date.now() + 30_000).toUTCString();
    sandbox.controls.addFaults({ kind: 'status', status: 503, headers: { 'retry-after': date } });
    expect((await reasonOf(listPage())).retryAfter).toBeCloseTo(30, -1);
  });

  it('believes no wait of more than an hour', async () => {
    for (const wait of ['999999', new Date(8e15).toUTCString()]) {
      sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': wait } });
      expect((await reasonOf(listPage())).retryAfter).toBe(3600);
      now += 3_600_000;
    }
    sandbox.controls.addFaults({ kind: 'status', status: 429, headers: { 'retry-after': 'soon' } });
    expect((await reasonOf(listPage())).retryAfter).toBeUndefined();
  });

  it('never puts anything of a body into its errors', async () => {
    sandbox.controls.addFaults({ kind: 'status', status: 400, error_code: 'BUDI SANTOSO', message: 'BUDI SANTOSO' });
    expect((await reasonOf(listPage())).message).toBe('AnyCheck answered 400');
  });
});

describe('an AnyCheck session', () => {
  beforeEach(() => {
    held = LOGIN;
  });

  it('is opened once, however many workers start at the same time', async () => {
    await Promise.all(Array.from({ length: 50 }, () => listPage()));
    expect(logins()).toBe(1);
    await listPage();
    expect(logins()).toBe(1);
  });

  it('that another login ended is opened again, once', async () => {
    const workers = Array.from({ length: 10 }, () => instance());
    await Promise.all(workers.map((worker) => listPage(worker)));
    sandbox.controls.endSession();
    await Promise.all(workers.map((worker) => listPage(worker)));
    expect(logins()).toBe(2);
  });

  it('is renewed with its refresh token ahead of its end', async () => {
    const worker = instance();
    await listPage(worker);
    now += 53 * 60_000;
    await listPage(worker);
    expect(sandbox.controls.calls().counts['POST /auth/refresh'] ?? 0).toBe(0);
    now += 2 * 60_000;
    await listPage(worker);
    const paths = sandbox.controls.calls().calls.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith('/auth/'))).toEqual(['/auth/login', '/auth/refresh']);
    expect(counted.filter((what) => what === 'login')).toHaveLength(2);
    expect(counted.filter((what) => what === 'call')).toHaveLength(paths.length);
  });

  it('is opened anew with other credentials', async () => {
    await listPage();
    held = { ...LOGIN, version: '2' };
    await listPage();
    expect(logins()).toBe(2);
  });

  it.each(['a\nb', 'ключ', ''])(
    'takes no token that can not stand in a header (%j), and tries again',
    async (token) => {
      const bad = JSON.stringify({ access_token: token, refresh_token: 'x' });
      let logins = 0;
      const http = anycheckHttp(sandbox.url);
      const anycheck = instance({
        http: async (path, request) =>
          path === '/auth/login' && ++logins === 1
            ? { ok: true, body: bad, announced: undefined }
            : http(path, request),
      });
      expect((await reasonOf(listPage(anycheck))).reason).toBe('MALFORMED');
      now += 10_000;
      expect((await listPage(anycheck)).total).toBe(2);
    },
  );

  it('whose login hangs is given up when the caller’s time is over', async () => {
    sandbox.controls.addFaults({ kind: 'hang', route: 'login' });
    const begun = Date.now();
    expect((await reasonOf(listPage(instance(), AbortSignal.timeout(200)))).reason).toBe('TIMED_OUT');
    expect(Date.now() - begun).toBeLessThan(2000);
  });

  it('survives a rotation of the secret that not every worker has heard of', async () => {
    // Each worker reads the secret once, and anew only when told to.
    const worker = () => {
      let copy = held;
      const credentials = async ({ anew } = { anew: false }) => {
        if (anew) copy = held;
        return copy;
      };
      return instance({ credentials });
    };
    const before = worker();
    await listPage(before);
    held = { ...LOGIN, version: '2' };
    const after = worker();
    for (let i = 0; i < 5; i++) {
      await listPage(after);
      await listPage(before);
    }
    expect(logins()).toBe(2);
  });

  it('that can not be opened because AnyCheck’s login is down closes the circuit, and is opened when it is back', async () => {
    const worker = instance();
    await listPage(worker);
    sandbox.controls.addFaults({ kind: 'status', status: 500, route: 'login', times: 100 });
    for (let n = 0; n < 2; n++) {
      sandbox.controls.endSession();
      await reasonOf(listPage(worker));
      now += 10_000;
    }
    expect(emitted).toContain('circuit opened');
    expect((await reasonOf(listPage())).reason).toBe('RATE_LIMITED');
    now += 10_000;
    expect(await reasonOf(listPage())).toMatchObject({ reason: 'UNAVAILABLE', fleetWide: true });
    sandbox.controls.clearFaults();
    now += 40_000;
    expect((await listPage()).total).toBe(2);
    expect((await listPage()).total).toBe(2);
  });

  it('with a wrong password is tried once by the whole fleet, until the secret has another', async () => {
    held = { email, password: 'wrong', version: '1' };
    const workers = Array.from({ length: 5 }, () => instance());
    for (const worker of workers)
      expect(await reasonOf(listPage(worker))).toMatchObject({ reason: 'REFUSED', fleetWide: true });
    expect(logins()).toBe(1);
    expect(emitted).toEqual(['credentials refused']);
    now += 14 * 60_000;
    expect((await reasonOf(listPage())).reason).toBe('REFUSED');
    expect(logins()).toBe(1);
    held = { ...LOGIN, version: '2' };
    expect((await listPage(workers[0])).total).toBe(2);
    const session = (await rowsOf(engine.client, table)).find(({ pk }) => pk === 'anycheck#session');
    expect(session).not.toHaveProperty('lock_until');
  });

  it('with a wrong password is tried again after a quarter of an hour, once', async () => {
    held = { email, password: 'wrong', version: '1' };
    await reasonOf(listPage());
    now += 15 * 60_000;
    await Promise.all(Array.from({ length: 5 }, () => reasonOf(listPage())));
    expect(logins()).toBe(2);
  });

  it('keeps neither email nor password in the table', async () => {
    await listPage();
    const text = JSON.stringify(await rowsOf(engine.client, table));
    expect(text).not.toContain(email);
    expect(text).not.toContain(password);
  });
});

describe('an API key', () => {
  const refusedKey = { api_key: 'old', version: '0' };

  it('that was replaced is tried again with the new one', async () => {
    const credentials = async ({ anew } = { anew: false }) => (anew ? KEY : refusedKey);
    expect((await listPage(instance({ credentials }))).total).toBe(2);
    expect(emitted).toEqual([]);
  });

  it('that AnyCheck refuses is tried once by the whole fleet, and works when it is replaced', async () => {
    held = refusedKey;
    const workers = Array.from({ length: 4 }, () => instance());
    for (const worker of workers)
      expect(await reasonOf(listPage(worker))).toMatchObject({ reason: 'REFUSED', fleetWide: true });
    expect(sandbox.controls.calls().calls).toHaveLength(1);
    now += 59_000;
    await Promise.all(workers.map((worker) => reasonOf(listPage(worker))));
    expect(sandbox.controls.calls().calls).toHaveLength(1);
    expect(emitted).toEqual(['credentials refused']);
    now += 1_000;
    await Promise.all(workers.map((worker) => reasonOf(listPage(worker))));
    expect(sandbox.controls.calls().calls).toHaveLength(2);
    held = { ...KEY, version: '2' };
    expect((await listPage(workers[3])).total).toBe(2);
    expect(emitted).toEqual(['credentials refused', 'credentials refused', 'circuit closed']);
    const budget = (await rowsOf(engine.client, table)).find(({ pk }) => pk === 'anycheck#budget');
    expect(budget).not.toHaveProperty('refused');
  });
});
