import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { endpoints } from '../../../../functions/api-keys/endpoints.ts';
import { DAY_MS } from '../../../../functions/domain/api-keys/api-key.ts';
import { checkKey, hashOf } from '../../../../functions/domain/api-keys/check-key.ts';
import { parseKey } from '../../../../functions/domain/api-keys/key-text.ts';
import { type Route, routeKey } from '../../../../functions/route.ts';
import { routes } from '../../../../functions/routes.ts';
import { api } from '../../../../functions/runtime/api.ts';
import { CLAIMS } from '../../../fakes/claims.ts';
import { httpEvent, lambdaContext } from '../../../fakes/http-event.ts';
import { apiKey, keyStore } from '../../../fakes/key-store.ts';
import { printedLines } from '../../../fakes/printed.ts';

const { createApiKey, listApiKeys, rotateApiKey, revokeApiKey } = routes;
const NOW = Date.UTC(2026, 10, 29, 0, 6, 41, 333);
const HOUR_MS = 3_600_000;
const lines = printedLines();
const time = (at: number) => new Date(at).toISOString();
const Issued = z.object({ id: z.string(), key: z.string() });
const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Call {
  readonly id?: string;
  readonly body?: unknown;
  readonly role?: string;
  readonly who?: string;
}

/** The function of API keys on a store in memory, called by a person. */
function keyApi() {
  const clock = { now: NOW };
  const store = keyStore();
  let made = 0;
  const randomHex = (bytes: number) => (++made).toString(16).padStart(2 * bytes, '0');
  const handler = api(endpoints({ keys: store.keys, randomHex, now: () => clock.now }), CLAIMS);
  async function call(route: Route, { id, body, role = 'admin', who = 'siti' }: Call = {}) {
    const claims = { sub: who, client_id: 'app', username: who };
    const token = [{ alg: 'RS256' }, { ...claims, 'cognito:groups': [role] }, {}].map(encoded).join('.');
    const event = httpEvent(
      {
        routeKey: routeKey(route),
        headers: { authorization: `Bearer ${token}` },
        ...(id !== undefined && { pathParameters: { key_id: id } }),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      },
      { ...claims, 'cognito:groups': `[${role}]` },
    );
    event.requestContext.http.method = route.method;
    const answer = await handler(event, lambdaContext());
    const parsed: unknown = answer.body === undefined ? undefined : JSON.parse(answer.body);
    return { status: answer.statusCode, headers: answer.headers ?? {}, body: parsed, text: answer.body ?? '' };
  }
  const verdict = async (text: string) => (await checkKey(store.keys.get, text, clock.now)).kind;
  return { clock, store, call, verdict };
}

/** An API with one key. */
async function begun(body: object = { name: 'loan-origination', role: 'viewer' }) {
  const made = keyApi();
  const { id, key } = Issued.parse((await made.call(createApiKey, { body })).body);
  const rotate = async (more: object = {}) => {
    const answer = await made.call(rotateApiKey, { id, body: more });
    expect(answer.status).toBe(200);
    return Issued.parse(answer.body).key;
  };
  return { ...made, id, key, rotate };
}

describe('POST /api-keys', () => {
  it('returns 201 with a key of 90 days, which no cache stores', async () => {
    const { call, verdict } = keyApi();
    const answer = await call(createApiKey, { body: { name: 'loan-origination', role: 'operator' } });
    expect(answer).toMatchObject({ status: 201, headers: { 'cache-control': 'no-store' } });
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'loan-origination',
      role: 'operator',
      created_by: 'siti',
      created_at: time(NOW),
      rotated_by: null,
      rotated_at: null,
      expires_at: time(NOW + 90 * DAY_MS),
      expires_soon: false,
      status: 'active',
      key: expect.stringMatching(/^acsnap_[0-9a-f]{16}_[0-9a-f]{64}_[0-9a-f]{8}$/),
    });
    expect(await verdict(Issued.parse(answer.body).key)).toBe('valid');
  });

  it('stores the hash of the secret, and not the secret', async () => {
    const { store, id, key } = await begun();
    const { secret = '' } = parseKey(key) ?? {};
    expect(store.records.get(id)?.secrets).toEqual([{ hash: hashOf(secret), until: undefined }]);
    expect(JSON.stringify([...store.records])).not.toContain(secret);
  });

  it('logs id, role and creator, and neither the key nor its name', async () => {
    const { id, key } = await begun();
    expect(lines).toMatchObject([
      { event: 'key.created', key_id: id, role: 'viewer', who: 'siti' },
      { audit: 'POST /api-keys', who: 'siti', outcome: 201 },
    ]);
    for (const hidden of [key, 'loan-origination']) expect(JSON.stringify(lines)).not.toContain(hidden);
  });

  it.each([
    [{}, 'name', 'is required'],
    [{ name: '', role: 'viewer' }, 'name', 'must not be empty'],
    [{ name: 'x'.repeat(101), role: 'viewer' }, 'name', 'has over 100 characters'],
    [{ name: '\ud800', role: 'viewer' }, 'name', 'is no valid Unicode'],
    [{ name: 'a', role: 'admin' }, 'role', 'must be one of viewer, operator'],
    [{ name: 'a', role: 'viewer', expires_in_days: 0 }, 'expires_in_days', 'must be an integer from 1 to 365'],
    [{ name: 'a', role: 'viewer', expires_in_days: 366 }, 'expires_in_days', 'must be an integer from 1 to 365'],
    [{ name: 'a', role: 'viewer', expires_in_days: 1.5 }, 'expires_in_days', 'must be an integer from 1 to 365'],
    [{ name: 'a', role: 'viewer', expires_in_day: 5 }, 'expires_in_day', 'is unknown. Did you mean expires_in_days?'],
  ])('refuses %j with 400, and names the field', async (body, field, what) => {
    const { call, store } = keyApi();
    const answer = await call(createApiKey, { body });
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_REQUEST' } });
    const message = what.endsWith('?') ? `${field} ${what}` : `${field} ${what}.`;
    expect(answer.body).toHaveProperty('errors', expect.arrayContaining([{ field, message }]));
    expect(store.records.size).toBe(0);
  });

  it('accepts 200 keys, and refuses the next one with 400', async () => {
    const { call, store } = await begun();
    for (let n = 1; n < 200; n++) store.records.set(String(n), apiKey({ id: String(n) }));
    expect(await call(createApiKey, { body: { name: 'a', role: 'viewer' } })).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_REQUEST', message: 'There are 200 API keys already. Delete one first.' },
    });
    expect(store.records.size).toBe(200);
  });
});

describe('GET /api-keys', () => {
  it('lists the keys in the order of their creation, with the day of their last use and what ends soon', async () => {
    const { call, clock, store } = keyApi();
    for (const [name, days] of [
      ['b', 1],
      ['a', 15],
      ['c', 40],
    ] as const) {
      await call(createApiKey, { body: { name, role: 'viewer', expires_in_days: days } });
      clock.now += 1;
    }
    const [first = ''] = store.records.keys();
    store.usedOn.set(first, '2026-11-29');
    clock.now = NOW + 12 * DAY_MS;
    expect((await call(listApiKeys)).body).toMatchObject({
      items: [
        { name: 'b', status: 'expired', expires_soon: false, last_used_on: '2026-11-29' },
        { name: 'a', status: 'active', expires_soon: true, last_used_on: null },
        { name: 'c', status: 'active', expires_soon: false, last_used_on: null },
      ],
    });
  });

  it('shows no key and no hash', async () => {
    const { call, key } = await begun();
    const { text } = await call(listApiKeys);
    const { secret = '' } = parseKey(key) ?? {};
    for (const hidden of [secret, hashOf(secret), 'acsnap_']) expect(text).not.toContain(hidden);
  });
});

describe('POST /api-keys/{key_id}/rotate', () => {
  it('returns a new key with the same id, and both are valid for 24 hours', async () => {
    const { call, clock, verdict, id, key } = await begun();
    clock.now += DAY_MS;
    const answer = await call(rotateApiKey, { id, body: {} });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        id,
        name: 'loan-origination',
        created_at: time(NOW),
        expires_at: time(NOW + 91 * DAY_MS),
        previous_ends_at: time(NOW + 2 * DAY_MS),
      },
    });
    const { key: next } = Issued.parse(answer.body);
    clock.now += DAY_MS - 1;
    expect([await verdict(key), await verdict(next)]).toEqual(['valid', 'valid']);
    clock.now += 1;
    expect([await verdict(key), await verdict(next)]).toEqual(['expired', 'valid']);
    expect(lines).toContainEqual(expect.objectContaining({ event: 'key.rotated', key_id: id, who: 'siti' }));
  });

  it('shows who rotated a key last and when, in its answer and in the list', async () => {
    const { call, clock, rotate, id } = await begun();
    await rotate();
    clock.now += HOUR_MS;
    const last = { created_by: 'siti', created_at: time(NOW), rotated_by: 'budi', rotated_at: time(NOW + HOUR_MS) };
    expect((await call(rotateApiKey, { id, body: {}, who: 'budi' })).body).toMatchObject(last);
    clock.now += HOUR_MS;
    expect((await call(listApiKeys)).body).toMatchObject({ items: [last] });
  });

  it('ends the key in as many days as the last call said', async () => {
    const { rotate, store, clock, id } = await begun({ name: 'a', role: 'viewer', expires_in_days: 30 });
    await rotate({ expires_in_days: 7 });
    expect(store.records.get(id)?.expiresAt).toBe(NOW + 7 * DAY_MS);
    clock.now += DAY_MS;
    await rotate();
    expect(store.records.get(id)?.expiresAt).toBe(NOW + 8 * DAY_MS);
  });

  it('ends every earlier secret at once where previous_valid_hours is 0', async () => {
    const { rotate, verdict, key } = await begun();
    const second = await rotate({ previous_valid_hours: 168 });
    const third = await rotate({ previous_valid_hours: 0 });
    expect(await Promise.all([key, second, third].map(verdict))).toEqual(['expired', 'expired', 'valid']);
  });

  it('prolongs no earlier secret', async () => {
    const { rotate, verdict, clock, key } = await begun({ name: 'a', role: 'viewer', expires_in_days: 1 });
    clock.now += 12 * HOUR_MS;
    const second = await rotate({ previous_valid_hours: 168, expires_in_days: 90 });
    await rotate({ previous_valid_hours: 100 });
    clock.now = NOW + DAY_MS;
    expect([await verdict(key), await verdict(second)]).toEqual(['expired', 'valid']);
    clock.now = NOW + 112 * HOUR_MS;
    expect(await verdict(second)).toBe('expired');
  });

  it('renews a key that has ended, and its earlier secret stays ended', async () => {
    const { rotate, verdict, clock, key } = await begun({ name: 'a', role: 'viewer', expires_in_days: 1 });
    clock.now += 2 * DAY_MS;
    const next = await rotate();
    expect([await verdict(key), await verdict(next)]).toEqual(['expired', 'valid']);
  });

  it('refuses a fifth valid secret with 429 until the first one ends, but not a rotation that ends all', async () => {
    const { call, rotate, clock, id } = await begun();
    for (let n = 0; n < 4; n++) {
      if (n < 3) await rotate();
      clock.now += HOUR_MS;
    }
    expect(await call(rotateApiKey, { id, body: {} })).toMatchObject({
      status: 429,
      headers: { 'retry-after': String((20 * HOUR_MS) / 1_000) },
      body: { error_code: 'QUOTA_EXCEEDED' },
    });
    expect((await call(rotateApiKey, { id, body: { previous_valid_hours: 0 } })).status).toBe(200);
  });

  it('keeps 12 secrets at most, the newest first', async () => {
    const { rotate, verdict, store, id, key } = await begun();
    const second = await rotate({ previous_valid_hours: 0 });
    let last = '';
    for (let n = 0; n < 11; n++) last = await rotate({ previous_valid_hours: 0 });
    expect(store.records.get(id)?.secrets).toHaveLength(12);
    expect(await Promise.all([last, second, key].map(verdict))).toEqual(['valid', 'expired', 'unknown']);
  });

  it('rotates the record that another call wrote meanwhile, and returns 503 where others do so each time', async () => {
    const { call, rotate, store, id } = await begun();
    const touch = () => {
      const key = store.records.get(id) ?? apiKey();
      store.records.set(id, { ...key, revision: key.revision + 1 });
    };
    store.interference.push(touch);
    await rotate();
    expect(store.records.get(id)).toMatchObject({ revision: 3 });
    for (let n = 0; n < 4; n++) store.interference.push(touch);
    expect(await call(rotateApiKey, { id, body: {} })).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(store.records.get(id)?.secrets).toHaveLength(2);
  });

  it.each([-1, 169, 0.5, '24'])('refuses previous_valid_hours %j with 400', async (hours) => {
    const { call, id } = await begun();
    expect(await call(rotateApiKey, { id, body: { previous_valid_hours: hours } })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'previous_valid_hours' }] },
    });
  });
});

describe('DELETE /api-keys/{key_id}', () => {
  it('deletes a key, and returns 404 for it from then on', async () => {
    const { call, verdict, id, key } = await begun();
    expect(await call(revokeApiKey, { id })).toMatchObject({ status: 204, body: undefined });
    expect(await verdict(key)).toBe('unknown');
    expect(lines).toContainEqual(expect.objectContaining({ event: 'key.revoked', key_id: id, who: 'siti' }));
    for (const answer of [await call(revokeApiKey, { id }), await call(rotateApiKey, { id, body: {} })]) {
      expect(answer).toMatchObject({ status: 404, body: { error_code: 'NOT_FOUND' } });
    }
  });

  it('returns 204 where the answer of its own write was lost', async () => {
    const { call, store, id } = await begun();
    store.interference.push(() => store.records.delete(id));
    expect((await call(revokeApiKey, { id })).status).toBe(204);
  });
});

it.each([createApiKey, listApiKeys, rotateApiKey, revokeApiKey])(
  '$method $path requires the role admin',
  async (route) => {
    const { call, id } = await begun();
    const answer = await call(route, { id, body: { name: 'a', role: 'viewer' }, role: 'operator' });
    expect(answer).toMatchObject({ status: 403, body: { error_code: 'FORBIDDEN' } });
  },
);

it.each(['x', '8F14E45FCEEA167A', '8f14e45fceea167'])(
  'the malformed id %s is 400 with the code for ids',
  async (id) => {
    const { call } = keyApi();
    expect(await call(revokeApiKey, { id })).toMatchObject({
      status: 400,
      body: {
        error_code: 'INVALID_ID',
        errors: [{ field: 'key_id', message: 'key_id must be the id of an API key.' }],
      },
    });
  },
);
