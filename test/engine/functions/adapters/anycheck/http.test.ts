import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { anycheckHttp } from '../../../../../functions/adapters/anycheck/http.ts';
import { UpstreamError } from '../../../../../functions/domain/upstream/errors.ts';
import type { FaultRequest } from '../../../../../lib/sandbox/controls/control-requests.ts';
import { FIXTURE_GROUPS } from '../../../../../lib/sandbox/groups/groups.ts';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '../../../../../lib/sandbox/server.ts';

const GROUP = FIXTURE_GROUPS.find(({ name }) => name === 'BPKB')?.resultId ?? '';
const HTML = '<!doctype html><html></html>';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.controls.setLimits({ limit: null });
  sandbox.controls.setGroup(GROUP, '{"items":[{"id":"a","status":"COMPLETED","name":"Zoë"}]}');
});
afterAll(() => sandbox.close());
beforeEach(() => sandbox.controls.clearFaults());

const get = (url = sandbox.url) =>
  anycheckHttp(url)('/verifications', {
    method: 'GET',
    headers: { 'x-api-key': SANDBOX_CREDENTIALS.apiKey },
    query: { result_id: GROUP },
    signal: AbortSignal.timeout(10_000),
  });
const under = async (fault: FaultRequest) => {
  sandbox.controls.addFaults(fault);
  return get();
};
const reasonUnder = (fault: FaultRequest) =>
  under(fault).then(
    () => 'an answer',
    (error: unknown) => {
      if (error instanceof UpstreamError) return error.reason;
      throw error;
    },
  );

describe('an answer in a content coding', () => {
  it.each([
    [['gzip']],
    [['deflate']],
    [['deflate-raw']],
    [['br']],
    [['zstd']],
    [['gzip', 'br']],
    [['deflate', 'zstd', 'gzip']],
  ] as const)('%j is decoded, also where the request does not accept it', async (codings) => {
    const plain = await get();
    expect(await under({ kind: 'coded', codings })).toEqual(plain);
  });

  it.each(['x-gzip', 'GZIP', ' gzip , identity'])('gzip is decoded under the name %j', async (label) => {
    const plain = await get();
    expect(await under({ kind: 'coded', codings: ['gzip'], label })).toEqual(plain);
  });

  it.each(['br', 'compress', 'gzip, gzip', 'gzip, gzip, gzip, gzip', 'constructor'])(
    'that is not %j, though it says so, is malformed',
    async (label) => {
      expect(await reasonUnder({ kind: 'coded', codings: ['gzip'], label })).toBe('MALFORMED');
    },
  );

  it('that is plain, though it says otherwise, is malformed', async () => {
    expect(await reasonUnder({ kind: 'raw', body: HTML, headers: { 'content-encoding': 'gzip' } })).toBe('MALFORMED');
  });

  it.each(['gzip', 'br', 'zstd'])('%s that decodes to more than 32 MB is too large', async (coding) => {
    sandbox.controls.addFaults({ kind: 'raw', body: '0', repeat: 33 * 1024 * 1024, codings: [coding] });
    await expect(get()).rejects.toMatchObject({ reason: 'TOO_LARGE' });
  });

  it('is read for the code of an error', async () => {
    const body = '{"error_code":"NOT_FOUND","message":"none"}';
    expect(await under({ kind: 'raw', status: 404, body, codings: ['br'] })).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('an error', () => {
  it.each([
    ['', undefined],
    [HTML, undefined],
    ['{"message":"Not Found"}', undefined],
    ['{"error":"not_found"}', undefined],
    ['{"error_code":""}', undefined],
    ['{"error_code":7}', undefined],
    ['[{"error_code":"NOT_FOUND"}]', undefined],
    ['null', undefined],
    ['{"error_code":"NOT_FOUND","message":"none"}', 'NOT_FOUND'],
  ])('with the body %j has the code %s', async (body, code) => {
    expect(await under({ kind: 'raw', status: 404, body })).toMatchObject({ ok: false, status: 404, code });
  });

  it.each([
    { kind: 'raw', status: 502, body: 'x', repeat: 40 * 1024 * 1024 },
    { kind: 'raw', status: 502, body: HTML, headers: { 'content-encoding': 'br' } },
    { kind: 'raw', status: 502, body: HTML, headers: { 'content-encoding': 'compress' } },
  ])('whose body can not be read is assessed by its status: %#', async (fault) => {
    expect(await under(fault)).toMatchObject({ ok: false, status: 502, code: undefined });
  });

  it('says how long to wait, whatever its body is', async () => {
    const headers = { 'retry-after': '12.5', 'content-type': 'text/html' };
    expect(await under({ kind: 'raw', status: 429, body: HTML, headers })).toMatchObject({ retryAfter: 13 });
  });
});

it.each([
  ['a host name that does not exist', 'http://does-not-exist.invalid'],
  ['a port without TLS', () => sandbox.url.replace('http:', 'https:')],
  ['a port where nothing listens', 'http://127.0.0.1:1'],
])('%s is an AnyCheck that can not be reached', async (_, url) => {
  await expect(get(typeof url === 'string' ? url : url())).rejects.toMatchObject({ reason: 'UNAVAILABLE' });
});
