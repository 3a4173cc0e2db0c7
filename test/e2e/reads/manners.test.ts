import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Route } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import { eventually, failureOf } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

const group = (text: string, more = '') =>
  `{"overall_status":"COMPLETED","items":[{"id":"a","status":"COMPLETED","note":"${text}"${more}}]}`;
async function hold(text = 'first', resultId: string = randomUUID()): Promise<string> {
  await running.setGroup(resultId, group(text));
  return resultId;
}
const authorized = (headers: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${running.token}`, ...headers },
});
const read = (id: string, headers: Record<string, string> = {}, query = '') =>
  running.list(`result_id=${id}${query}`, headers);
const version = (response: Response) => Number(response.headers.get('x-snapshot-version'));
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const httpDate = (ms: number) => new Date(ms).toUTCString();
/** A change that the worker publishes, so that no reader has to force it. @returns when the version was published. */
async function changed(id: string, text: string, to: number): Promise<void> {
  await hold(text, id);
  expect((await running.call(`/groups/${id}/refresh`, { method: 'POST', ...authorized() })).status).toBe(202);
  await eventually(
    async () => version(await read(id)),
    (now) => now === to,
  );
}

describe('HEAD', () => {
  const readable = Object.values<Route>(routes).filter(({ method }) => method === 'GET');
  /** What differs between any two calls. */
  const OWN = ['date', 'apigw-requestid', 'x-request-id', 'connection', 'keep-alive', 'age', 'x-snapshot-age'];
  const headersOf = ({ headers }: Response) => Object.fromEntries([...headers].filter(([name]) => !OWN.includes(name)));

  it.each(readable.map(({ path }) => path))(
    'of %s has the status and the headers of GET, and no body',
    async (path) => {
      const id = await hold();
      await read(id);
      const queries = new Map([
        ['/verifications', `?result_id=${id}`],
        ['/groups/{result_id}/diff', '?from=1&to=1'],
        ['/groups/{result_id}/statuses', '?version=1'],
      ]);
      // The list of groups and the state of the service change while other tests run.
      const query = ['/groups', '/health/deep'].includes(path) ? '?unknown=1' : (queries.get(path) ?? '');
      const target = path.replace('{result_id}', id).replace('{file}', 'page.css') + query;
      for (const init of [authorized(), authorized({ 'accept-encoding': 'identity' }), {}]) {
        const got = await running.call(target, init);
        const head = await running.call(target, { ...init, method: 'HEAD' });
        expect([head.status, headersOf(head)]).toEqual([got.status, headersOf(got)]);
        expect(await head.text()).toBe('');
        expect(head.headers.has('x-request-id')).toBe(got.headers.has('x-request-id'));
      }
    },
  );

  it('of an unknown path, and of one that takes no GET, is 404 without a body', async () => {
    for (const path of ['/nothing', '/auth/login', `/groups/${randomUUID()}/refresh`]) {
      const response = await fetch(`${running.stack.url}${path}`, { method: 'HEAD', ...authorized() });
      expect([path, response.status, await response.text()]).toEqual([path, 404, '']);
    }
  });

  it('is 304 as GET is', async () => {
    const id = await hold();
    const etag = (await read(id)).headers.get('etag') ?? '';
    const init = { method: 'HEAD', ...authorized({ 'if-none-match': etag }) };
    const head = await running.call(`/verifications?result_id=${id}`, init);
    expect([head.status, head.headers.get('etag')]).toEqual([304, etag]);
  });
});

describe('GET /', () => {
  const Addresses = z.strictObject({
    service: z.literal('anycheck-snapshots'),
    version: z.string(),
    addresses: z.record(z.string(), z.string()),
  });

  it('lists the addresses of this deployment, each of which is there', async () => {
    const response = await running.call('/');
    expect(response.headers.get('content-type')).toBe('application/json');
    const { addresses } = Addresses.parse(await response.json());
    expect(addresses).toMatchObject({
      docs: '/docs',
      openapi: '/openapi.json',
      health: '/health',
      login: '/auth/login',
    });
    for (const [name, path] of Object.entries(addresses)) {
      const method = name === 'login' ? 'POST' : 'GET';
      expect([path, (await running.call(path, { method, ...authorized() })).status]).not.toEqual([path, 404]);
    }
  });
});

describe('Accept-Encoding', () => {
  const targets = async () => {
    const id = await hold();
    await read(id);
    return [`/verifications?result_id=${id}`, `/groups/${id}/diff?from=1&to=1`, '/openapi.json', '/docs', '/'];
  };

  it('is named by Vary in every 200 and 304 of what it changes', async () => {
    for (const target of await targets()) {
      const response = await running.call(target, authorized());
      expect([target, response.status, response.headers.get('vary')]).toEqual([target, 200, 'accept-encoding']);
      const etag = response.headers.get('etag');
      if (etag === null) continue;
      const again = await running.call(target, authorized({ 'if-none-match': etag }));
      expect([target, again.status, again.headers.get('vary')]).toEqual([target, 304, 'accept-encoding']);
    }
  });

  it.each(['identity;q=0', '*;q=0', 'deflate, *;q=0'])('%s is 406', async (accepts) => {
    for (const target of await targets()) {
      const response = await running.call(target, authorized({ 'accept-encoding': accepts }));
      expect([target, response.status]).toEqual([target, 406]);
      expect((await failureOf(response)).error_code).toBe('INVALID_REQUEST');
    }
  });

  it.each([
    ['identity;q=0, gzip', 'gzip'],
    ['*;q=0, x-gzip', 'gzip'],
    ['identity;q=0, *', 'gzip'],
    ['identity;q=0, br', 'br'],
    ['identity;q=0, zstd', 'zstd'],
  ])('%s is answered with %s', async (accepts, coding) => {
    for (const target of await targets()) {
      const response = await running.call(target, authorized({ 'accept-encoding': accepts }));
      expect([target, response.headers.get('content-encoding')]).toEqual([target, coding]);
      expect((await response.text()).length).toBeGreaterThan(10);
    }
  });

  it('compresses a long page, whose bytes and ETag stay the same, and HEAD has its headers', async () => {
    const target = `/verifications?result_id=${await hold('Siti – '.repeat(500))}`;
    const plain = await running.call(target, authorized({ 'accept-encoding': 'identity' }));
    const [etag, text] = [plain.headers.get('etag'), await plain.text()];
    for (const coding of ['zstd', 'br', 'gzip']) {
      const init = authorized({ 'accept-encoding': coding });
      const response = await running.call(target, init);
      const { headers } = response;
      expect([headers.get('content-encoding'), headers.get('etag'), await response.text()]).toEqual([
        coding,
        etag,
        text,
      ]);
      expect(Number(headers.get('content-length'))).toBeLessThan(text.length / 2);
      const head = await running.call(target, { ...init, method: 'HEAD' });
      for (const name of ['content-encoding', 'content-length', 'etag', 'vary']) {
        expect([name, head.headers.get(name)]).toEqual([name, headers.get(name)]);
      }
    }
    const again = await running.call(target, authorized({ 'accept-encoding': 'br', 'if-none-match': `${etag}` }));
    expect(again.status).toBe(304);
  });
});

describe('Cache-Control', () => {
  it.each([
    'foo="a, no-cache, b"',
    'max-age=0, max-stale=600',
    'max-age=600',
    'no-store',
    'only-if-cached',
    'max-age=-1',
  ])('%s serves the snapshot, without a call', async (cacheControl) => {
    const id = await hold();
    await read(id);
    await later(1_100);
    const before = await running.callsAbout(id);
    await read(id, { 'cache-control': cacheControl });
    expect(await running.callsAbout(id)).toBe(before);
  });
});

describe('If-Modified-Since', () => {
  it('is 304 once nothing was stored in that second or since, and 200 after a change in the same second', async () => {
    const id = await hold();
    const first = await read(id);
    const lastModified = first.headers.get('last-modified') ?? '';
    expect((await read(id, { 'if-modified-since': httpDate(Date.now() + 60_000) })).status).toBe(200);
    await later(2_100);
    const since = httpDate(Date.now() - 1_000);
    expect((await read(id, { 'if-modified-since': lastModified })).status).toBe(304);
    const response = await read(id, { 'if-modified-since': since });
    expect([response.status, await response.text(), response.headers.get('last-modified')]).toEqual([
      304,
      '',
      lastModified,
    ]);
    expect((await read(id, { 'if-modified-since': since, 'if-none-match': '"other"' })).status).toBe(200);

    await changed(id, 'second', 2);
    const second = await read(id);
    for (const held of [since, lastModified, second.headers.get('last-modified') ?? '']) {
      expect((await read(id, { 'if-modified-since': held })).status).toBe(200);
    }
    await later(2_100);
    expect((await read(id, { 'if-modified-since': httpDate(Date.now() - 1_000) })).status).toBe(304);
    expect((await read(id, { 'if-modified-since': lastModified }, '&snapshot_version=1')).status).toBe(304);
    expect((await running.call(`/groups/${id}/redact`, { method: 'POST', ...authorized() })).status).toBe(202);
    expect((await read(id, { 'if-modified-since': httpDate(Date.now() - 1_000) })).status).toBe(200);
    expect((await read(id, { 'if-modified-since': lastModified }, '&snapshot_version=1')).status).toBe(200);
  });
});

describe('as_of', () => {
  it('with the Last-Modified of a version names that version, as an HTTP date and as RFC 3339', async () => {
    const id = await hold();
    const dates = [(await read(id)).headers.get('last-modified') ?? ''];
    for (const to of [2, 3]) {
      await later(1_000);
      await changed(id, `version ${to}`, to);
      dates.push((await read(id)).headers.get('last-modified') ?? '');
    }
    expect(new Set(dates).size).toBe(3);
    for (const [at, date] of dates.entries()) {
      for (const time of [date, new Date(date).toISOString().replace('.000', '')]) {
        const response = await read(id, {}, `&as_of=${encodeURIComponent(time)}`);
        expect([time, version(response), response.headers.get('last-modified')]).toEqual([time, at + 1, date]);
      }
    }
  });
});

describe('a group', () => {
  it('that was refreshed well shows no attempt after its success', async () => {
    const Times = z.looseObject({ last_attempt: z.string(), last_success: z.string(), last_error: z.null() });
    const id = await hold();
    await read(id);
    const own = Times.parse(await (await running.call(`/groups/${id}`, authorized())).json());
    expect(own.last_attempt).toBe(own.last_success);
    const { items } = z
      .object({ items: z.array(z.looseObject({ result_id: z.string() })) })
      .parse(await (await running.call('/groups?limit=100', authorized())).json());
    const listed = Times.parse(items.find(({ result_id }) => result_id === id));
    expect(listed.last_attempt).toBe(listed.last_success);
  });

  it('of items with 500 levels is served, and with 501 is refused as malformed', async () => {
    const nested = (levels: number) => group('x', `,"output":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    const [served, refused] = [randomUUID(), randomUUID()];
    await running.setGroup(served, nested(499));
    await running.setGroup(refused, nested(500));
    const response = await read(served);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('{"a":'.repeat(499));
    expect((await read(refused)).status).toBe(503);
    const state = await (await running.call(`/groups/${refused}`, authorized())).json();
    expect(state).toMatchObject({ version: null, last_error: { code: 'MALFORMED' } });
  });
});

describe('a body with a byte order mark', () => {
  it('is read by every route that reads one', async () => {
    const id = await hold();
    const body = `\uFEFF{"result_ids":["${id}"]}`;
    const json = { 'content-type': 'application/json' };
    expect((await running.call('/groups', { method: 'POST', body, ...authorized(json) })).status).toBe(202);
    expect((await running.deliver(`\uFEFF{"result_id":"${id}"}`)).status).toBe(202);
  });
});
