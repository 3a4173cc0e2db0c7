import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_GROUPS } from '../../lib/sandbox/groups/groups.ts';
import { failureOf, type Running, startRunning } from './running.ts';

let running: Running;
beforeAll(async () => {
  running = await startRunning();
});
afterAll(() => running?.stop());
afterEach(() => running.sandbox.controls.clearFaults());

const item = (id: string, more = '') => `{"id":"${id}","status":"COMPLETED"${more}}`;
function hold(items: string[], resultId: string = randomUUID(), overall = 'COMPLETED'): string {
  running.sandbox.controls.setGroup(resultId, `{"overall_status":"${overall}","items":[${items.join()}]}`);
  return resultId;
}
const text = async (query: string, headers?: Record<string, string>) => (await running.list(query, headers)).text();
const upstreamCalls = () => running.sandbox.controls.calls().counts['GET /verifications'] ?? 0;

describe('GET /verifications', () => {
  it('answers as AnyCheck does, character by character, with nothing added', async () => {
    const odd = ',"2":9007199254740993123,"1":1.50,"n":1E+2,"s":"Rp\\u00a0é","deep":{"b":[],"a":{}},"2":null';
    const id = hold([item('a', odd), item('b')]);
    const direct = await fetch(`${running.sandbox.url}/verifications?result_id=${id}`, {
      headers: { 'x-api-key': running.sandbox.credentials.apiKey },
    });
    expect(await text(`result_id=${id}`)).toBe(
      `{"total":2,"overall_status":"COMPLETED","items":[${item('a', odd)},${item('b')}]}`,
    );
    expect(await text(`result_id=${id}`)).toBe(await direct.text());
  });

  it('pages through 250 items in 3 requests, nothing missing, doubled or reordered', async () => {
    const items = Array.from({ length: 250 }, (_, i) => item(`i${i}`, `,"n":${i}.${i}0`));
    const id = hold(items);
    const pages = [];
    for (const offset of [0, 100, 200]) pages.push(await text(`result_id=${id}&page_size=100&page_offset=${offset}`));
    const body = (part: string[]) => `{"total":250,"overall_status":"COMPLETED","items":[${part.join()}]}`;
    expect(pages).toEqual([body(items.slice(0, 100)), body(items.slice(100, 200)), body(items.slice(200))]);
  });

  it('carries what caches and auditors need', async () => {
    const response = await running.list(`result_id=${hold([item('a')])}`);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
      etag: expect.stringMatching(/^W\/"[^"]+"$/),
      'last-modified': expect.stringMatching(/GMT$/),
      age: '0',
      'x-snapshot-age': '0',
      'x-snapshot-version': '1',
      'x-request-id': expect.stringMatching(/.+/),
    });
  });

  it('answers 304 to a tag that still fits, alone, in a list, strong or *', async () => {
    const id = hold([item('a')]);
    const first = await running.list(`result_id=${id}`);
    const etag = first.headers.get('etag') ?? '';
    for (const tag of [etag, `"other", ${etag}`, etag.replace('W/', ''), '*']) {
      const response = await running.list(`result_id=${id}`, { 'if-none-match': tag });
      expect(response.status).toBe(304);
      expect(await response.text()).toBe('');
      for (const name of ['etag', 'last-modified', 'x-snapshot-version', 'cache-control']) {
        expect(response.headers.get(name)).toBe(first.headers.get(name));
      }
    }
    expect((await running.list(`result_id=${id}&page_size=5`, { 'if-none-match': etag })).status).toBe(200);
  });

  it('takes a result_id in upper case for the same group', async () => {
    const id = hold([item('a')]);
    await text(`result_id=${id}`);
    const before = upstreamCalls();
    expect((await running.list(`result_id=${id.toUpperCase()}`)).headers.get('x-snapshot-version')).toBe('1');
    expect(upstreamCalls()).toBe(before);
  });

  it.each([
    ['result_id=nonsense', 400, 'INVALID_ID', 'result_id'],
    ['', 400, 'INVALID_REQUEST', 'result_id'],
    ['result_id=&page_size=5', 400, 'INVALID_REQUEST', 'result_id'],
    [`result_id=${randomUUID()}&page_size=0`, 400, 'INVALID_REQUEST', 'page_size'],
    [`result_id=${randomUUID()}&page_offset=-1`, 400, 'INVALID_REQUEST', 'page_offset'],
    [`result_id=${randomUUID()}`, 404, 'NOT_FOUND', undefined],
  ])('answers %s with %i %s', async (query, status, code, field) => {
    const response = await running.list(query);
    expect(response.status).toBe(status);
    const error = await failureOf(response);
    expect(error).toMatchObject({ error_code: code, message: expect.any(String) });
    expect(error.errors?.[0]?.field).toBe(field);
    expect(response.headers.get('x-request-id')).toBeTruthy();
  });

  it('takes an empty list for a group, and a 404 for none, of which nothing is stored', async () => {
    expect(await text(`result_id=${hold([])}`)).toBe('{"total":0,"overall_status":"COMPLETED","items":[]}');
    const id = randomUUID();
    expect((await running.list(`result_id=${id}`)).status).toBe(404);
    hold([item('a')], id);
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
  });

  it('asks AnyCheck once for 20 who ask at once', async () => {
    const id = hold([item('a')]);
    const before = upstreamCalls();
    const answers = await Promise.all(Array.from({ length: 20 }, () => text(`result_id=${id}`)));
    expect(new Set(answers).size).toBe(1);
    expect(upstreamCalls() - before).toBe(1);
  });

  it('asks AnyCheck first for no-cache, and serves the pinned version beside the new one', async () => {
    const id = hold([item('a')]);
    const before = await text(`result_id=${id}`);
    hold([item('b')], id);
    const fresh = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    expect(fresh.headers.get('x-snapshot-version')).toBe('2');
    expect(await fresh.text()).toContain('"b"');
    expect(await text(`result_id=${id}&snapshot_version=1`)).toBe(before);
    expect((await running.list(`result_id=${id}&snapshot_version=3`)).status).toBe(404);
  });

  it.each([
    ['refuses our key', { kind: 'bad_key' }],
    ['throttles', { kind: 'status', status: 429, error_code: 'QUOTA_EXCEEDED', headers: { 'retry-after': '33' } }],
    ['fails', { kind: 'status', status: 500 }],
    ['answers nonsense', { kind: 'html_200' }],
    ['hangs', { kind: 'hang' }],
  ])('is 503 with Retry-After within 10 s where AnyCheck %s and nothing is known', async (_, fault) => {
    const id = hold([item('a')]);
    running.sandbox.controls.addFaults({ ...fault, times: 100, result_id: id });
    const begun = Date.now();
    const response = await running.list(`result_id=${id}`);
    expect(Date.now() - begun).toBeLessThan(10_000);
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error_code: 'INTERNAL_SERVER_ERROR' });
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await running.forgive();
  });

  it('serves the snapshot with its true age where AnyCheck fails, never waiting for it on a plain read', async () => {
    const id = hold([item('a')]);
    await text(`result_id=${id}`);
    running.sandbox.controls.addFaults({ kind: 'hang', times: 100, result_id: id });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const begun = Date.now();
    const plain = await running.list(`result_id=${id}`);
    expect(Date.now() - begun).toBeLessThan(1000);
    expect(Number(plain.headers.get('age'))).toBeGreaterThan(0);
    running.sandbox.controls.clearFaults();
    running.sandbox.controls.addFaults({ kind: 'status', status: 500, times: 100, result_id: id });
    const insisted = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    expect(insisted.status).toBe(200);
    expect(Number(insisted.headers.get('x-snapshot-age'))).toBeGreaterThan(0);
  });

  it('answers a plain read at once while many others wait for a hanging AnyCheck', async () => {
    const id = hold([item('a')]);
    await text(`result_id=${id}`);
    const waiting = Array.from({ length: 12 }, () => {
      const unknown = hold([item('b')]);
      running.sandbox.controls.addFaults({ kind: 'hang', times: 100, result_id: unknown });
      return running.list(`result_id=${unknown}`);
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const begun = Date.now();
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
    expect(Date.now() - begun).toBeLessThan(4_000);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(waiting.map(() => 503));
  });

  it('serves pages over 6 MB gzipped, or says what fits', async () => {
    const id = hold(Array.from({ length: 4 }, (_, i) => item(`i${i}`, `,"text":"${'x'.repeat(2_500_000)}"`)));
    const plain = { 'accept-encoding': 'identity' };
    const gzipped = await running.list(`result_id=${id}`);
    expect(gzipped.headers.get('content-encoding')).toBe('gzip');
    expect((await gzipped.text()).length).toBeGreaterThan(10_000_000);
    const refused = await running.list(`result_id=${id}`, plain);
    expect(refused.status).toBe(400);
    expect((await failureOf(refused)).errors?.[0]).toMatchObject({
      field: 'page_size',
      message: expect.stringMatching(/ 2 fits/),
    });
    expect((await running.list(`result_id=${id}&page_size=2`, plain)).status).toBe(200);
    const single = hold([item('a', `,"text":"${'x'.repeat(7_000_000)}"`)]);
    expect((await running.list(`result_id=${single}`, plain)).status).toBe(406);
    expect((await running.list(`result_id=${single}`)).status).toBe(200);
  });

  it('never serves the webhook secret that AnyCheck lists', async () => {
    const direct = async (id: string) =>
      fetch(`${running.sandbox.url}/verifications?result_id=${id}&page_size=100`, {
        headers: { 'x-api-key': running.sandbox.credentials.apiKey },
      }).then((response) => response.text());
    const leaky = [];
    for (const { resultId } of FIXTURE_GROUPS) {
      if ((await direct(resultId)).includes('webhook_secret')) leaky.push(resultId);
      expect(await text(`result_id=${resultId}&page_size=100`)).not.toContain('webhook_secret');
    }
    expect(leaky.length).toBeGreaterThan(0);
  });
});

describe('what no route matches', () => {
  it.each([
    ['GET', '/nothing'],
    ['POST', '/verifications'],
    ['DELETE', '/health'],
  ])('%s %s is 404 in AnyCheck’s shape', async (method, path) => {
    const response = await running.call(path, { method, headers: { authorization: `Bearer ${running.token}` } });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error_code: 'NOT_FOUND' });
  });
});
