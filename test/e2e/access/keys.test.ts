import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { ApiKey } from '../../../functions/domain/api-keys/api-key.ts';
import { hashOf } from '../../../functions/domain/api-keys/check-key.ts';
import { keyText } from '../../../functions/domain/api-keys/key-text.ts';
import { methodsOf, pathsOf, type Route, routeKey } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import { mayDo } from '../../../functions/runtime/access/role.ts';
import { newKey, newSecret } from '../../fakes/api-keys.ts';
import { eventually, failureOf } from '../stack/calls.ts';
import { API_KEY_CACHE_SECONDS } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';
import { keyRowsOf } from './key-rows.ts';

const CACHE_MS = API_KEY_CACHE_SECONDS * 1000;

let running: Shared;
const rows = keyRowsOf(() => running.stack);
beforeAll(async () => {
  running = await joinShared();
});

type Role = ApiKey['role'];
type Headers = Record<string, string>;
const withKey = (text: string): Headers => ({ 'x-api-key': text });
const get = (path: string, headers: Headers, method = 'GET') => running.call(`/key${path}`, { method, headers });

/** Every call that a key can make: each route that takes keys, and HEAD beside GET. */
const calls = Object.values<Route>(routes).flatMap((route) =>
  pathsOf(route).flatMap(({ path, credential }) =>
    credential === 'key' ? methodsOf(route).map((method) => ({ route, path, method })) : [],
  ),
);

/** Calls a route about an unknown group, with an empty body where it takes one. */
function called({ path, method }: (typeof calls)[number], headers: Headers): Promise<Response> {
  return running.call(path.replace('{result_id}', randomUUID()), {
    method,
    headers: { ...headers, ...(method === 'POST' && { 'content-type': 'application/json' }) },
    ...(method === 'POST' && { body: '{}' }),
  });
}

/** What became of a call: let in whatever it was answered then, or the code of its refusal. HEAD has the status alone. */
async function verdictOf(response: Response, method: string): Promise<string> {
  const { status, headers } = response;
  if (status !== 401 && status !== 403) return status < 500 ? 'in' : `${status}`;
  expect(headers.get('x-request-id')).not.toBeNull();
  if (status === 401) expect(headers.get('www-authenticate')).toBe('ApiKey');
  return method === 'HEAD' ? `${status}` : `${status} ${(await failureOf(response)).error_code}`;
}

const past = () => Date.now() - 1000;
const checksumOff = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
/** A key after a rotation. @returns the text of the secret that was replaced, which ends at `until`. */
async function replaced(role: Role, until: number): Promise<string> {
  const old = newSecret();
  const { key } = await rows.add({
    role,
    secrets: [
      { hash: hashOf(newSecret()), until: undefined },
      { hash: hashOf(old), until },
    ],
  });
  return keyText(key.id, old);
}

const INVALID = '401 INVALID_API_KEY';
const EXPIRED = '401 API_KEY_EXPIRED';
/** What callers send, by its name, and what becomes of it. `in` stands for what the role of the key allows. */
const CALLERS: Readonly<Record<string, readonly [(role: Role) => Promise<Headers> | Headers, string]>> = {
  'a key': [async (role) => withKey((await rows.add({ role })).text), 'in'],
  'no key': [() => ({}), INVALID],
  'an empty key': [() => withKey(''), INVALID],
  garbage: [() => withKey('garbage'), INVALID],
  'a bad checksum': [async (role) => withKey(checksumOff((await rows.add({ role })).text)), INVALID],
  'an unknown id': [(role) => withKey(newKey({ role }).text), INVALID],
  'a wrong secret': [async (role) => withKey(keyText((await rows.add({ role })).key.id, newSecret())), INVALID],
  'two keys': [
    async (role) => withKey([await rows.add({ role }), await rows.add({ role })].map(({ text }) => text).join()),
    INVALID,
  ],
  'an expired key': [async (role) => withKey((await rows.add({ role, expiresAt: past() })).text), EXPIRED],
  'a revoked key': [
    async (role) => {
      const { text, key } = await rows.add({ role });
      await rows.revoke(key.id);
      return withKey(text);
    },
    INVALID,
  ],
  'a replaced secret within its time': [async (role) => withKey(await replaced(role, Date.now() + 600_000)), 'in'],
  'a replaced secret after its time': [async (role) => withKey(await replaced(role, past())), EXPIRED],
  'AnyCheck’s own key': [() => withKey(running.stack.apiKey), INVALID],
  'a token instead of a key': [() => ({ authorization: `Bearer ${running.token}` }), INVALID],
  'an admin’s token as the key': [() => withKey(running.token), INVALID],
  'a key beside an admin’s token': [
    async (role) => ({ ...withKey((await rows.add({ role })).text), authorization: `Bearer ${running.token}` }),
    'in',
  ],
  'a key beside a bad token': [
    async (role) => ({ ...withKey((await rows.add({ role })).text), authorization: 'Bearer x.y.z' }),
    'in',
  ],
};

const table = (['viewer', 'operator'] as const).flatMap((role) =>
  Object.entries(CALLERS).map(([name, [headers, verdict]]) => ({ role, name, headers, verdict })),
);

describe('every route that takes keys', () => {
  it.each(table)('answers $name ($role): $verdict', async ({ role, headers, verdict }) => {
    const sent = await headers(role);
    const expected = calls.map(({ method, route: { access }, path }) => {
      const isAllowed = access !== 'public' && mayDo(role, access);
      const one = verdict === 'in' && !isAllowed ? '403 FORBIDDEN' : verdict;
      return [routeKey({ method, path }), method === 'HEAD' && one !== 'in' ? one.slice(0, 3) : one];
    });
    const got = new Map<string, string>();
    // One call of each function at a time, as many as functions.
    const byFunction = Map.groupBy(calls, ({ route }) => route.lambda);
    const calling = Array.from(byFunction.values(), async (own) => {
      for (const one of own) got.set(routeKey(one), await verdictOf(await called(one, sent), one.method));
    });
    await Promise.all(calling);
    expect(Object.fromEntries(got)).toEqual(Object.fromEntries(expected));
  });

  it('is among those that the table has', () => {
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /key/verifications',
      'HEAD /key/verifications',
      'POST /key/groups',
      'GET /key/groups',
      'HEAD /key/groups',
      'GET /key/groups/{result_id}',
      'HEAD /key/groups/{result_id}',
      'POST /key/groups/{result_id}/refresh',
      'GET /key/groups/{result_id}/history',
      'HEAD /key/groups/{result_id}/history',
      'GET /key/groups/{result_id}/diff',
      'HEAD /key/groups/{result_id}/diff',
    ]);
  });
});

describe('the other paths', () => {
  it.each([
    ['GET', '/key/nothing'],
    ['POST', '/key/verifications'],
    ['DELETE', '/key/groups/88888888-8888-4888-8888-888888888888'],
    ['GET', '/key/health/deep'],
    ['GET', '/key/webhook-endpoints'],
    ['POST', '/key/auth/login'],
    ['GET', '/key/key/verifications'],
  ])('below /key return 404, with a key and without: %s %s', async (method, path) => {
    for (const headers of [{}, withKey((await rows.add({ role: 'operator' })).text)]) {
      const response = await running.call(path, { method, headers });
      expect([response.status, (await failureOf(response)).error_code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it('take no key', async () => {
    const response = await running.call('/verifications?result_id=x', { headers: withKey((await rows.add()).text) });
    expect([response.status, await response.json()]).toEqual([401, { message: 'Unauthorized' }]);
  });
});

describe('a client that was written for AnyCheck', () => {
  const Page = z.object({ total: z.number(), items: z.array(z.object({ id: z.string() })) });

  it('reads all pages of a group of 250 items with a key, as AnyCheck sends them', async () => {
    const { text } = await rows.add();
    const group = randomUUID();
    const items = Array.from({ length: 250 }, (_, i) => `{"id":"i${i}","status":"COMPLETED","n":${i}.${i}0}`);
    await running.setGroup(group, `{"overall_status":"COMPLETED","items":[${items.join()}]}`);
    const ids: string[] = [];
    for (let offset = 0, total = 1; offset < total; offset += 100) {
      const query = `/verifications?result_id=${group}&page_size=100&page_offset=${offset}`;
      const [ours, theirs] = [
        await get(query, withKey(text)),
        await fetch(`${running.stack.sandboxUrl}${query}`, { headers: withKey(running.stack.apiKey) }),
      ];
      const body = await ours.text();
      expect(body).toBe(await theirs.text());
      const page = Page.parse(JSON.parse(body));
      total = page.total;
      ids.push(...page.items.map(({ id }) => id));
    }
    expect(ids).toEqual(items.map((_, i) => `i${i}`));
  });

  it.each([
    ['/verifications?result_id=nobody', 400, 'INVALID_ID'],
    ['/verifications?result_id=88888888-0000-4888-8888-888888888888&page_size=0', 400, 'INVALID_REQUEST'],
    [`/verifications?result_id=${randomUUID()}`, 404, 'NOT_FOUND'],
  ])('gets errors in AnyCheck’s shape: %s', async (path, status, code) => {
    const response = await get(path, withKey((await rows.add()).text));
    expect([response.status, (await failureOf(response)).error_code]).toEqual([status, code]);
  });

  it('gets the headers of a GET with HEAD, and 304 to a tag that still fits', async () => {
    const { text } = await rows.add();
    const group = randomUUID();
    await running.setGroup(group, '{"overall_status":"COMPLETED","items":[{"id":"a","status":"COMPLETED"}]}');
    const path = `/verifications?result_id=${group}`;
    const [read, head] = [await get(path, withKey(text)), await get(path, withKey(text), 'HEAD')];
    const etag = read.headers.get('etag') ?? '';
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    expect((await get(path, { ...withKey(text), 'if-none-match': etag })).status).toBe(304);
  });
});

describe('a key', () => {
  it('that is revoked works no longer than the time of the cache', async () => {
    const { text, key } = await rows.add();
    const path = '/groups?limit=1';
    expect((await get(path, withKey(text))).status).toBe(200);
    await rows.revoke(key.id);
    await sleep(CACHE_MS);
    const response = await get(path, withKey(text));
    expect([response.status, (await failureOf(response)).error_code]).toEqual([401, 'INVALID_API_KEY']);
  });

  it('that is rotated works with the new secret at once, and with the old one until its time is over', async () => {
    const { text, key } = await rows.add();
    const status = async (sent: string) => (await get('/groups?limit=1', withKey(sent))).status;
    expect(await status(text)).toBe(200);
    const secret = newSecret();
    const until = Date.now() + 2 * CACHE_MS;
    const secrets = [
      { hash: hashOf(secret), until: undefined },
      { hash: key.secrets[0].hash, until },
    ] as const;
    await rows.put({ ...key, secrets, revision: 2 });
    const current = keyText(key.id, secret);
    expect([await status(current), await status(text)]).toEqual([200, 200]);
    await sleep(until - Date.now());
    expect([await status(current), await status(text)]).toEqual([200, 401]);
  });

  it('ends on time, remembered or not', async () => {
    const expiresAt = Date.now() + CACHE_MS / 2;
    const { text } = await rows.add({ expiresAt });
    await get('/groups?limit=1', withKey(text));
    await sleep(expiresAt - Date.now());
    expect((await failureOf(await get('/groups?limit=1', withKey(text)))).error_code).toBe('API_KEY_EXPIRED');
  });

  it('shows the day of its last use, and none where it was refused', async () => {
    const [used, refused] = [await rows.add(), await rows.add()];
    await get('/groups?limit=1', withKey(used.text));
    await get('/groups?limit=1', withKey(checksumOff(refused.text)));
    await get('/groups?limit=1', withKey(keyText(refused.key.id, newSecret())));
    // The write may outlast the call on a busy machine, and the call may have been made just before midnight.
    const day = await eventually(
      async () => rows.usedOn(used.key.id),
      (found) => found !== undefined,
    );
    expect([0, 60_000].map((ago) => new Date(Date.now() - ago).toISOString().slice(0, 10))).toContain(day);
    expect(await rows.usedOn(refused.key.id)).toBeUndefined();
  });

  it('receives with a refusal the role that it has, and the one that the route needs', async () => {
    const response = await running.call('/key/groups', {
      method: 'POST',
      headers: { ...withKey((await rows.add({ role: 'viewer' })).text), 'content-type': 'application/json' },
      body: JSON.stringify({ result_ids: [randomUUID()] }),
    });
    expect(await failureOf(response)).toEqual({
      error_code: 'FORBIDDEN',
      message: 'This needs the role operator; this key has viewer.',
    });
  });
});

describe('the logs', () => {
  const logged = (beginning: string) =>
    Object.entries(running.stack.logFiles)
      .filter(([name]) => name.startsWith(beginning))
      .map(([, file]) => readFileSync(file, 'utf8'))
      .join('');
  const lineWith = async (
    beginning: string,
    kind: string,
    request: string | null,
  ): Promise<Record<string, unknown>> => {
    const text = await eventually(
      async () =>
        logged(beginning)
          .split('\n')
          .find((line) => line.includes(`"request":"${request}"`) && line.includes(kind)),
      (found) => found !== undefined,
    );
    return JSON.parse(text?.slice(text.indexOf('{')) ?? '{}');
  };

  it('name a caller by the id of its key, and the path that it called', async () => {
    const { text, key } = await rows.add();
    const group = randomUUID();
    const response = await get(`/groups/${group}/history`, withKey(text));
    expect(await lineWith('History', '"audit"', response.headers.get('x-request-id'))).toMatchObject({
      audit: 'GET /key/groups/{result_id}/history',
      who: `key:${key.id}`,
      groups: [group],
      outcome: 404,
    });
    expect(logged('')).not.toContain(text);
    for (const part of text.split('_').slice(2)) expect(logged('')).not.toContain(part);
  });

  it('name a refused key by its id and the reason, and count it', async () => {
    const { text, key } = await rows.add({ expiresAt: past() });
    const response = await get('/groups', withKey(text));
    expect(await lineWith('Groups', '"key.refused"', response.headers.get('x-request-id'))).toMatchObject({
      event: 'key.refused',
      reason: 'expired',
      key_id: key.id,
      RefusedApiKeys: 1,
    });
    expect(logged('')).not.toContain(text);
  });
});
