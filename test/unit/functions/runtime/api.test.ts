import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod/mini';
import { routeKey } from '../../../../functions/route.ts';
import { routes } from '../../../../functions/routes.ts';
import type { KeyGuard } from '../../../../functions/runtime/access/key-caller.ts';
import { api, endpoint } from '../../../../functions/runtime/api.ts';
import { keyCaller } from '../../../../functions/runtime/middleware/key-caller.ts';
import { ApiError } from '../../../../functions/runtime/rest/api-error.ts';
import { NO_KEYS, newKey } from '../../../fakes/api-keys.ts';
import { CLAIMS } from '../../../fakes/claims.ts';
import { httpEvent, lambdaContext } from '../../../fakes/http-event.ts';
import { printedLines } from '../../../fakes/printed.ts';

const lines = printedLines();

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const { listGroups, getGroup, trackGroups, health } = routes;
const OWN = { 'content-type': 'application/json', 'cache-control': 'private, no-cache', 'x-request-id': 'the-request' };
const VARY = { vary: 'accept-encoding' };
const names = (name: string) => async () => ({ status: 200, body: `"${name}"` });
const handler = api([endpoint(listGroups, names('list')), endpoint(getGroup, names('get'))], CLAIMS, {
  keys: NO_KEYS,
});

const machine = (role: string) => ({ sub: 'm1', client_id: 'm1', scope: `anycheck-snapshots/${role}` });
const eventOf = (route: Parameters<typeof routeKey>[0], role = 'viewer', body?: string) =>
  httpEvent(
    { routeKey: routeKey(route), pathParameters: { result_id: ID }, ...(body !== undefined && { body }) },
    machine(role),
  );
const audited = (outcome: number) => expect.objectContaining({ audit: expect.any(String), who: 'm1', outcome });

describe('a function of several routes', () => {
  it('answers each by its own handler', async () => {
    expect(await handler(eventOf(listGroups), lambdaContext())).toMatchObject({ statusCode: 200, body: '"list"' });
    expect(await handler(eventOf(getGroup), lambdaContext())).toMatchObject({ statusCode: 200, body: '"get"' });
    expect(lines).toEqual([audited(200), audited(200)]);
  });

  it('fails where it is sent another: in the shape of every error, and with a line in the log', async () => {
    const answer = await handler(eventOf(health), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 500, headers: OWN });
    expect(lines).toMatchObject([{ event: 'request.failed', request: 'the-request' }]);
  });
});

describe('Accept-Encoding', () => {
  const LONG = JSON.stringify({ items: Array.from({ length: 300 }, (_, i) => `item ${i}`) });
  const long = async () => ({ status: 200, body: LONG });
  const handle = api([endpoint(getGroup, long), endpoint(trackGroups, long)], CLAIMS, { keys: NO_KEYS });
  const called = (route: typeof getGroup | typeof trackGroups, accepts: string, method: string = route.method) => {
    const body = JSON.stringify({ result_ids: [ID] });
    const event = route === getGroup ? eventOf(getGroup) : eventOf(trackGroups, 'operator', body);
    event.headers = { 'accept-encoding': accepts };
    event.requestContext.http.method = method;
    return handle({ ...event, routeKey: routeKey({ method, path: route.path }) }, lambdaContext());
  };

  it('gives a long answer of a GET the coding that the caller prefers, and HEAD its headers', async () => {
    const { body = '', headers, isBase64Encoded } = await called(getGroup, 'gzip, br');
    expect(headers).toEqual({ ...OWN, ...VARY, 'content-encoding': 'br' });
    const packed = Buffer.from(body, 'base64');
    expect([isBase64Encoded, brotliDecompressSync(packed).toString()]).toEqual([true, LONG]);
    const head = await called(getGroup, 'gzip, br', 'HEAD');
    expect(head).toEqual({ statusCode: 200, headers: { ...headers, 'content-length': String(packed.length) } });
  });

  it('is ignored by a route that declares no 406, where it refuses every coding', async () => {
    expect(await called(getGroup, '*;q=0')).toMatchObject({ statusCode: 200, body: LONG, isBase64Encoded: false });
  });

  it('compresses no answer to another method than GET, because it can hold a secret', async () => {
    const answer = await called(trackGroups, 'gzip, br');
    expect(answer).toEqual({ statusCode: 200, headers: OWN, body: LONG, isBase64Encoded: false });
  });
});

describe('HEAD', () => {
  const headOf = (route: typeof getGroup | typeof health, role?: string) => {
    const event = { ...eventOf(route, role), routeKey: routeKey({ method: 'HEAD', path: route.path }) };
    event.requestContext.http.method = 'HEAD';
    return event;
  };

  it('is answered by the handler of GET, with its headers and without its body, and leaves one audit line', async () => {
    const answer = await handler(headOf(getGroup), lambdaContext());
    expect(answer).toEqual({ statusCode: 200, headers: { ...OWN, ...VARY, 'content-length': '5' } });
    expect(lines).toEqual([expect.objectContaining({ audit: 'HEAD /groups/{result_id}', who: 'm1', outcome: 200 })]);
  });

  it('requires the role of GET', async () => {
    const answer = await handler(headOf(getGroup, 'no-role'), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 403, headers: OWN });
    expect(answer).not.toHaveProperty('body');
    expect(lines).toEqual([audited(403)]);
  });

  it('of a route that answers no GET is no route', async () => {
    const handle = api([endpoint(trackGroups, names('track')), endpoint(getGroup, names('get'))], CLAIMS, {
      keys: NO_KEYS,
    });
    const event = { ...eventOf(trackGroups), routeKey: 'HEAD /groups' };
    expect(await handle(event, lambdaContext())).toMatchObject({ statusCode: 500 });
  });
});

describe('a path for API keys', () => {
  const { text, key } = newKey();
  const keys: KeyGuard = {
    check: async (sent) => (sent === text ? { kind: 'valid', id: key.id, role: 'viewer' } : { kind: 'unknown' }),
    used: vi.fn(async () => {}),
  };
  const own = api([endpoint(getGroup, async ({ caller }) => ({ status: 200, body: caller.who }))], CLAIMS, {
    keys: keyCaller(keys),
  });
  /** With a token of an admin, which the gateway would have checked. */
  const called = (sent?: string) => ({
    ...eventOf({ method: 'GET', path: '/key/groups/{result_id}' }, 'admin'),
    headers: sent === undefined ? {} : { 'x-api-key': sent },
  });

  it('lets a key in, also where the function has one route alone, and names path and key in the audit line', async () => {
    expect(await own(called(text), lambdaContext())).toMatchObject({ statusCode: 200, body: `key:${key.id}` });
    expect(lines).toEqual([
      expect.objectContaining({ audit: 'GET /key/groups/{result_id}', who: `key:${key.id}`, outcome: 200 }),
    ]);
    expect(keys.used).toHaveBeenCalledWith(key.id);
  });

  it.each([undefined, 'sandbox-api-key'])('refuses a call with the key %s, whatever token it has', async (sent) => {
    const answer = await own(called(sent), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 401, headers: { ...OWN, 'www-authenticate': 'ApiKey' } });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ error_code: 'INVALID_API_KEY' });
    expect(lines).toMatchObject([{ event: 'key.refused', RefusedApiKeys: 1 }]);
  });

  it('takes no key at the path of a token', async () => {
    const event = httpEvent({ routeKey: routeKey(getGroup), headers: { 'x-api-key': text } });
    expect(await own(event, lambdaContext())).toMatchObject({ statusCode: 403 });
  });

  it('is none of a function that checks no keys: it does not start', () => {
    expect(() => api([endpoint(getGroup, names('get'))], CLAIMS)).toThrow('/key/groups/{result_id}');
  });
});

describe('what is around the handler of a route', () => {
  it('refuses a caller without the role, in the shape of every error, and leaves an audit line of it', async () => {
    const answer = await handler(eventOf(getGroup, 'no-role'), lambdaContext());
    expect(answer).toMatchObject({ statusCode: 403, headers: OWN });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ error_code: 'FORBIDDEN' });
    expect(lines).toEqual([audited(403)]);
  });

  it.each([
    ['that is not JSON', '{'],
    ['that is not as the route takes it', '{"result_ids":1}'],
  ])('refuses a body %s with 400, and leaves an audit line of it', async (_, body) => {
    const answer = vi.fn(names('never'));
    const handle = api([endpoint(trackGroups, answer)], CLAIMS, { keys: NO_KEYS });
    expect(await handle(eventOf(trackGroups, 'operator', body), lambdaContext())).toMatchObject({ statusCode: 400 });
    expect(answer).not.toHaveBeenCalled();
    expect(lines).toEqual([audited(400)]);
  });

  it('takes a call without a body as one with an empty object', async () => {
    const route = { ...trackGroups, body: z.object({ hours: z._default(z.number(), 24) }) };
    const handle = api([endpoint(route, async ({ body }) => ({ status: 200, body: String(body.hours) }))], CLAIMS, {
      keys: NO_KEYS,
    });
    for (const body of [undefined, '', '{}'])
      expect(await handle(eventOf(trackGroups, 'operator', body), lambdaContext())).toMatchObject({ body: '24' });
  });

  it('logs a failure after its audit line, each once', async () => {
    const failing = api([endpoint(getGroup, () => Promise.reject(new Error('BUDI')))], CLAIMS, {
      keys: NO_KEYS,
    });
    expect(await failing(eventOf(getGroup), lambdaContext())).toMatchObject({ statusCode: 500, headers: OWN });
    expect(lines).toEqual([audited(500), expect.objectContaining({ event: 'request.failed', request: 'the-request' })]);
    expect(JSON.stringify(lines)).not.toContain('BUDI');
  });

  it('requires no role on a public route, and leaves no audit line', async () => {
    const open = api([endpoint(health, async ({ caller }) => ({ status: 200, body: JSON.stringify(caller) }))]);
    expect(await open(httpEvent(), lambdaContext())).toEqual({
      statusCode: 200,
      headers: { ...OWN, ...VARY },
      body: '{"kind":"unknown","who":""}',
      isBase64Encoded: false,
    });
    expect(lines).toEqual([]);
  });

  it('reports what the function counts once for each call, before its audit line', async () => {
    const report = vi.fn(() => expect(lines).toEqual([]));
    const refusing = () => Promise.reject(new ApiError(404, 'NOT_FOUND', 'None.'));
    await api([endpoint(getGroup, refusing)], CLAIMS, { keys: NO_KEYS, report })(eventOf(getGroup), lambdaContext());
    expect(report).toHaveBeenCalledTimes(1);
    expect(lines).toEqual([audited(404)]);
  });
});
