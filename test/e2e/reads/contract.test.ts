import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIXTURE_GROUPS } from '../../../lib/sandbox/groups/groups.ts';
import { failureOf } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

const item = (id: string, more = '') => `{"id":"${id}","status":"COMPLETED"${more}}`;
async function hold(items: string[], resultId: string = randomUUID(), overall = 'COMPLETED'): Promise<string> {
  await running.setGroup(resultId, `{"overall_status":"${overall}","items":[${items.join()}]}`);
  return resultId;
}
const text = async (query: string, headers?: Record<string, string>) => (await running.list(query, headers)).text();

describe('GET /verifications', () => {
  it('answers as AnyCheck does, character by character, with nothing added', async () => {
    const odd = ',"2":9007199254740993123,"1":1.50,"n":1E+2,"s":"Rp\\u00a0é","deep":{"b":[],"a":{}},"2":null';
    const id = await hold([item('a', odd), item('b')]);
    const direct = await fetch(`${running.stack.sandboxUrl}/verifications?result_id=${id}`, {
      headers: { 'x-api-key': running.stack.apiKey },
    });
    expect(await text(`result_id=${id}`)).toBe(
      `{"total":2,"overall_status":"COMPLETED","items":[${item('a', odd)},${item('b')}]}`,
    );
    expect(await text(`result_id=${id}`)).toBe(await direct.text());
  });

  it('pages through 250 items in 3 requests, nothing missing, doubled or reordered', async () => {
    const items = Array.from({ length: 250 }, (_, i) => item(`i${i}`, `,"n":${i}.${i}0`));
    const id = await hold(items);
    const pages = [];
    for (const offset of [0, 100, 200]) pages.push(await text(`result_id=${id}&page_size=100&page_offset=${offset}`));
    const body = (part: string[]) => `{"total":250,"overall_status":"COMPLETED","items":[${part.join()}]}`;
    expect(pages).toEqual([body(items.slice(0, 100)), body(items.slice(100, 200)), body(items.slice(200))]);
  });

  it('carries what caches and auditors need', async () => {
    const response = await running.list(`result_id=${await hold([item('a')])}`);
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
    const id = await hold([item('a')]);
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
    const id = await hold([item('a')]);
    await text(`result_id=${id}`);
    const before = await running.callsAbout(id);
    expect((await running.list(`result_id=${id.toUpperCase()}`)).headers.get('x-snapshot-version')).toBe('1');
    expect(await running.callsAbout(id)).toBe(before);
  });

  it('ignores parameters that AnyCheck does not have, also empty and repeated ones', async () => {
    const id = await hold([item('a')]);
    const plain = await text(`result_id=${id}`);
    expect(await text(`result_id=${id}&page_sise=5&trace=&trace=1&trace=2&__proto__=1`)).toBe(plain);
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
    expect(await text(`result_id=${await hold([])}`)).toBe('{"total":0,"overall_status":"COMPLETED","items":[]}');
    const id = randomUUID();
    expect((await running.list(`result_id=${id}`)).status).toBe(404);
    await hold([item('a')], id);
    expect((await running.list(`result_id=${id}`)).status).toBe(200);
  });

  it('fetches once for 20 concurrent readers', async () => {
    const id = await hold([item('a')]);
    const before = await running.callsAbout(id);
    const answers = await Promise.all(Array.from({ length: 20 }, () => text(`result_id=${id}`)));
    expect(new Set(answers).size).toBe(1);
    expect((await running.callsAbout(id)) - before).toBe(1);
  });

  it('fetches first for no-cache, and serves the pinned version beside the new one', async () => {
    const id = await hold([item('a')]);
    const before = await text(`result_id=${id}`);
    await hold([item('b')], id);
    const fresh = await running.list(`result_id=${id}`, { 'cache-control': 'no-cache' });
    expect(fresh.headers.get('x-snapshot-version')).toBe('2');
    expect(await fresh.text()).toContain('"b"');
    expect(await text(`result_id=${id}&snapshot_version=1`)).toBe(before);
    expect((await running.list(`result_id=${id}&snapshot_version=3`)).status).toBe(404);
  });

  it('serves pages over 6 MB gzipped, or says what fits', async () => {
    const id = await hold(Array.from({ length: 4 }, (_, i) => item(`i${i}`, `,"text":"${'x'.repeat(2_500_000)}"`)));
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
    const single = await hold([item('a', `,"text":"${'x'.repeat(7_000_000)}"`)]);
    expect((await running.list(`result_id=${single}`, plain)).status).toBe(406);
    expect((await running.list(`result_id=${single}`)).status).toBe(200);
  });

  it('never serves the webhook secret that AnyCheck lists', async () => {
    const direct = async (id: string) =>
      fetch(`${running.stack.sandboxUrl}/verifications?result_id=${id}&page_size=100`, {
        headers: { 'x-api-key': running.stack.apiKey },
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
