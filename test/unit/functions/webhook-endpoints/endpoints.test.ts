import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { EVENT_TYPES } from '../../../../functions/domain/events/event.ts';
import { routes } from '../../../../functions/routes.ts';
import { printedLines } from '../../../fakes/printed.ts';
import { NOW, webhookApi } from '../../../fakes/webhook-api.ts';
import { deliveryAt } from '../../../fakes/webhook-store.ts';

const lines = printedLines();
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const URL_WITH_KEY = 'https://los.example.com/anycheck?key=7Qm2';
const {
  createWebhookEndpoint,
  listWebhookEndpoints,
  getWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
} = routes;

const Created = z.object({ id: z.string(), secret: z.string() });
const Event = z.object({
  id: z.string(),
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
});
const time = (at: number) => new Date(at).toISOString();

/** An API with one endpoint. */
async function begun(body: object = { url: URL_WITH_KEY }) {
  const made = webhookApi();
  const { id, secret } = Created.parse((await made.call(createWebhookEndpoint, { body })).body);
  made.sent.length = 0;
  const eventOf = (at = -1) => Event.parse(JSON.parse(made.sent.at(at)?.body ?? ''));
  return { ...made, id, secret, eventOf };
}

describe('POST /webhook-endpoints', () => {
  it('returns 201 with the endpoint and its secret, and announces the origin of its URL alone', async () => {
    const { call, sent, store } = webhookApi();
    const answer = await call(createWebhookEndpoint, { body: { url: URL_WITH_KEY } });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^we_[\w-]{22}$/),
        url: 'https://los.example.com/anycheck?***',
        description: '',
        event_types: [...EVENT_TYPES],
        enabled: true,
        state: 'active',
        disabled_reason: null,
        failing_since: null,
        last_success: null,
        created_at: time(NOW),
        updated_at: time(NOW),
        secret: expect.stringMatching(/^whsec_[\w+/]{43}=$/),
      },
    });
    const { id } = Created.parse(answer.body);
    expect(sent).toHaveLength(1);
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      id: expect.stringMatching(/^evt_[\w-]{22}$/),
      type: 'webhook_endpoint.created',
      timestamp: time(NOW),
      data: {
        endpoint_id: id,
        origin: 'https://los.example.com',
        event_types: [...EVENT_TYPES],
        enabled: true,
        request_id: 'the-request',
      },
    });
    expect(store.unannounced).toEqual([]);
    expect(lines).toMatchObject([{ audit: 'POST /webhook-endpoints', who: 'm1', outcome: 201 }]);
  });

  it('stores the secret encrypted for this endpoint, and the URL with its query', async () => {
    const { store, id, secret } = await begun();
    expect(store.records.get(id)).toMatchObject({
      url: URL_WITH_KEY,
      secrets: [{ version: 1, sealed: `${id} 1 ${secret}`, until: undefined }],
    });
  });

  it.each([
    [{}, 'url', 'is required'],
    [{ url: 5 }, 'url', 'must be a string'],
    [{ url: 'http://los.example.com/' }, 'url', 'must be an https URL'],
    [{ url: `https://los.example.com/${'x'.repeat(2_048)}` }, 'url', 'has over 2048 characters'],
    [{ url: 'https://API.example.com/x' }, 'url', 'must not have a host name of this service'],
    [{ url: URL_WITH_KEY, description: 'x'.repeat(201) }, 'description', 'has over 200 characters'],
    [{ url: URL_WITH_KEY, description: '\ud800' }, 'description', 'is no valid Unicode'],
    [{ url: URL_WITH_KEY, event_types: [] }, 'event_types', 'must hold 1 to 6 types'],
    [{ url: URL_WITH_KEY, event_types: 5 }, 'event_types', 'must be a list'],
    [{ url: URL_WITH_KEY, event_types: ['group.setled'] }, 'event_types.0', `must be one of ${EVENT_TYPES.join(', ')}`],
    [{ url: URL_WITH_KEY, secret: 'mine' }, 'secret', 'is unknown. The known names are url, description, event_types'],
    [{ url: URL_WITH_KEY, enabled: false }, 'enabled', 'is unknown. The known names are url, description, event_types'],
  ])('refuses %j with 400, and names the field', async (body, field, what) => {
    const { call, sent, store } = webhookApi();
    expect(await call(createWebhookEndpoint, { body })).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_REQUEST', errors: [{ field, message: `${field} ${what}.` }] },
    });
    expect([sent, store.records.size]).toEqual([[], 0]);
  });

  it('accepts each type once, in whatever order', async () => {
    const types = ['group.erased', 'group.settled', 'group.erased'];
    const { store, id } = await begun({ url: URL_WITH_KEY, event_types: types });
    expect(store.records.get(id)?.eventTypes).toEqual(['group.settled', 'group.erased']);
  });

  it('accepts 50 endpoints, and refuses the next one with 400', async () => {
    const { call, store } = webhookApi();
    const body = { url: URL_WITH_KEY };
    for (let n = 0; n < 50; n++) expect((await call(createWebhookEndpoint, { body })).status).toBe(201);
    expect(await call(createWebhookEndpoint, { body })).toMatchObject({
      status: 400,
      body: { error_code: 'INVALID_REQUEST', message: 'There are 50 webhook endpoints already. Delete one first.' },
    });
    expect(store.records.size).toBe(50);
  });

  it.each([
    ['refuses the event', async () => [false], [undefined]],
    ['fails', () => Promise.reject(new Error('no bus')), [expect.any(Error)]],
  ])('succeeds where the bus %s, and leaves the event to be sent later', async (_, answer, errors) => {
    const { call, bus, store, unannounced } = webhookApi();
    bus.answer = answer;
    expect(await call(createWebhookEndpoint, { body: { url: URL_WITH_KEY } })).toMatchObject({ status: 201 });
    expect(store.unannounced).toHaveLength(1);
    expect(unannounced).toEqual(errors);
  });

  it('requires the role admin', async () => {
    const { call } = webhookApi();
    const answer = await call(createWebhookEndpoint, { body: { url: URL_WITH_KEY }, role: 'operator' });
    expect(answer).toMatchObject({ status: 403, body: { error_code: 'FORBIDDEN' } });
  });
});

describe('an endpoint', () => {
  it('is read by an operator without its secret and the query of its URL', async () => {
    const { call, id, secret } = await begun();
    for (const answer of [
      await call(listWebhookEndpoints, { role: 'operator' }),
      await call(getWebhookEndpoint, { id, role: 'operator' }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.text).toContain('https://los.example.com/anycheck?***');
      for (const hidden of [secret, 'whsec_', '7Qm2', 'sealed']) expect(answer.text).not.toContain(hidden);
    }
    expect((await call(getWebhookEndpoint, { id, role: 'viewer' })).status).toBe(403);
  });

  it.each([
    ['active', {}, {}],
    ['failing', { failures: 2, failingSince: NOW - 1_000 }, {}],
    ['paused', { failures: 9, failingSince: NOW - 1_000, probeAt: NOW + 1_000 }, {}],
    ['disabled', { failures: 9, failingSince: NOW - 1_000 }, { isEnabled: false, disabledReason: 'FAILING' as const }],
  ])('that is %s shows it', async (state, shown, record) => {
    const { call, store, id } = await begun();
    store.setState(id, { ...shown, lastSuccess: NOW - 2_000 });
    store.touch(id, record);
    expect((await call(getWebhookEndpoint, { id })).body).toMatchObject({
      state,
      enabled: state !== 'disabled',
      disabled_reason: state === 'disabled' ? 'FAILING' : null,
      failing_since: state === 'active' ? null : time(NOW - 1_000),
      last_success: time(NOW - 2_000),
    });
  });

  it('has counts of the deliveries of the last 24 hours, of which those of erased groups count as cancelled', async () => {
    const { call, store, id } = await begun();
    store.deliveries(id, [
      deliveryAt(NOW - DAY_MS - 1, 1),
      deliveryAt(NOW - DAY_MS, 2),
      deliveryAt(NOW - HOUR_MS, 3, { status: 'failed' }),
      deliveryAt(NOW - HOUR_MS, 4, { status: 'pending' }),
      deliveryAt(NOW - HOUR_MS, 5, { status: 'pending' }),
      deliveryAt(NOW, 6, { status: 'cancelled', cancelReason: 'ERASED' }),
    ]);
    store.erased.add(deliveryAt(0, 5).eventId);
    expect((await call(getWebhookEndpoint, { id })).body).toMatchObject({
      counts_24h: { pending: 1, delivered: 1, failed: 1, cancelled: 2, complete: true },
    });
  });

  it.each([
    [9_999, true],
    [10_000, false],
    [10_500, false],
  ])('with %i deliveries in a day has counts of at most 10,000', async (total, complete) => {
    const { call, store, id } = await begun();
    store.deliveries(
      id,
      Array.from({ length: total }, (_, n) => deliveryAt(NOW - n, n)),
    );
    const delivered = Math.min(total, 10_000);
    expect((await call(getWebhookEndpoint, { id })).body).toMatchObject({ counts_24h: { delivered, complete } });
    expect(store.reads.deliveries).toBe(delivered);
  });
});

describe('PATCH /webhook-endpoints/{endpoint_id}', () => {
  it('changes what the body names, and announces which fields changed', async () => {
    const { call, clock, id, eventOf, store } = await begun({ url: URL_WITH_KEY, description: 'a' });
    clock.now += 1_000;
    const body = { url: 'https://new.example.com/x?y=z', description: 'a', event_types: ['group.settled'] };
    expect(await call(updateWebhookEndpoint, { id, body })).toMatchObject({
      status: 200,
      body: {
        url: 'https://new.example.com/x?***',
        description: 'a',
        event_types: ['group.settled'],
        created_at: time(NOW),
        updated_at: time(NOW + 1_000),
      },
    });
    expect(eventOf()).toMatchObject({
      type: 'webhook_endpoint.updated',
      timestamp: time(NOW + 1_000),
      data: {
        endpoint_id: id,
        origin: 'https://new.example.com',
        event_types: ['group.settled'],
        enabled: true,
        changed: ['url', 'event_types'],
        request_id: 'the-request',
      },
    });
    expect(store.records.get(id)).toMatchObject({ revision: 2, secrets: [{ version: 1 }] });
  });

  it('writes and announces nothing where nothing changes', async () => {
    const { call, id, sent, store } = await begun();
    const body = { url: URL_WITH_KEY, enabled: true, event_types: EVENT_TYPES.toReversed() };
    expect((await call(updateWebhookEndpoint, { id, body })).status).toBe(200);
    expect([sent, store.records.get(id)?.revision]).toEqual([[], 1]);
  });

  it('disables an endpoint, and announces that without a reason of the service', async () => {
    const { call, id, eventOf } = await begun();
    const answer = await call(updateWebhookEndpoint, { id, body: { enabled: false } });
    expect(answer.body).toMatchObject({ enabled: false, state: 'disabled', disabled_reason: null });
    expect(eventOf()).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { enabled: false, changed: ['enabled'] },
    });
    expect(eventOf().data).not.toHaveProperty('reason');
  });

  it('enables an endpoint that the service disabled, without its reason and its failures', async () => {
    const { call, store, id, eventOf } = await begun();
    store.touch(id, { isEnabled: false, disabledReason: 'FAILING' });
    store.setState(id, { failures: 30, failingSince: NOW - 6 * DAY_MS, probeAt: NOW + HOUR_MS });
    expect((await call(updateWebhookEndpoint, { id, body: { enabled: true } })).body).toMatchObject({
      enabled: true,
      state: 'active',
      disabled_reason: null,
      failing_since: null,
    });
    expect(eventOf()).toMatchObject({
      type: 'webhook_endpoint.updated',
      data: { enabled: true, changed: ['enabled'] },
    });
  });

  it('keeps the reason of an endpoint that stays disabled', async () => {
    const { call, store, id } = await begun();
    store.touch(id, { isEnabled: false, disabledReason: 'GONE' });
    const answer = await call(updateWebhookEndpoint, { id, body: { description: 'b' } });
    expect(answer.body).toMatchObject({ description: 'b', state: 'disabled', disabled_reason: 'GONE' });
  });

  it.each([
    [{}, '', 'The body must name at least one of url, description, event_types, enabled.'],
    [{ url: 'ftp://x' }, 'url', 'url must be an https URL.'],
    [{ enabled: 'no' }, 'enabled', 'enabled must be a boolean.'],
    [{ enabld: true }, 'enabld', 'enabld is unknown. Did you mean enabled?'],
  ])('refuses %j with 400', async (body, field, message) => {
    const { call, id } = await begun();
    const answer = await call(updateWebhookEndpoint, { id, body });
    expect(answer).toMatchObject({ status: 400, body: { error_code: 'INVALID_REQUEST' } });
    expect(answer.body).toHaveProperty('errors', expect.arrayContaining([{ field, message }]));
  });

  it('keeps what another call changed at the same time', async () => {
    const { call, store, id } = await begun();
    store.interference.push(() => store.touch(id, { description: 'of another call' }));
    const answer = await call(updateWebhookEndpoint, { id, body: { event_types: ['group.erased'] } });
    expect(answer.body).toMatchObject({ description: 'of another call', event_types: ['group.erased'] });
  });

  it('returns 503 with Retry-After where other calls change it each time', async () => {
    const { call, store, id, sent } = await begun();
    for (let n = 0; n < 10; n++) store.interference.push(() => store.touch(id, { description: `${n}` }));
    expect(await call(updateWebhookEndpoint, { id, body: { enabled: false } })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
      body: { error_code: 'INTERNAL_SERVER_ERROR' },
    });
    expect(sent).toEqual([]);
  });
});

describe('DELETE /webhook-endpoints/{endpoint_id}', () => {
  it('deletes an endpoint, announces that, and returns 404 for it from then on', async () => {
    const { call, id, eventOf } = await begun();
    expect(await call(deleteWebhookEndpoint, { id })).toMatchObject({ status: 204, body: undefined });
    expect(eventOf()).toMatchObject({
      type: 'webhook_endpoint.deleted',
      data: { endpoint_id: id, origin: 'https://los.example.com', request_id: 'the-request' },
    });
    for (const route of [getWebhookEndpoint, deleteWebhookEndpoint, rotateWebhookSecret, testWebhookEndpoint]) {
      expect(await call(route, { id })).toMatchObject({ status: 404, body: { error_code: 'NOT_FOUND' } });
    }
    expect((await call(updateWebhookEndpoint, { id, body: { enabled: true } })).status).toBe(404);
    expect((await call(listWebhookEndpoints)).body).toEqual({ items: [] });
  });

  it('deletes an endpoint that another call changes at the same time', async () => {
    const { call, store, id } = await begun();
    store.interference.push(() => store.touch(id, { description: 'b' }));
    expect((await call(deleteWebhookEndpoint, { id })).status).toBe(204);
    expect(store.records.size).toBe(0);
  });

  it('returns 204 where the answer of its own write was lost', async () => {
    const { call, store, id } = await begun();
    store.interference.push(() => store.records.delete(id));
    expect((await call(deleteWebhookEndpoint, { id })).status).toBe(204);
  });
});

describe('POST /webhook-endpoints/{endpoint_id}/rotate-secret', () => {
  const Rotated = z.strictObject({ secret: z.string(), previous_ends_at: z.string() });

  it('returns a new secret, which signs with the one before for 24 hours', async () => {
    const { call, clock, id, secret, requests, eventOf } = await begun();
    const rotated = Rotated.parse((await call(rotateWebhookSecret, { id })).body);
    expect(rotated.previous_ends_at).toBe(time(NOW + DAY_MS));
    expect(eventOf()).toMatchObject({ type: 'webhook_endpoint.updated', data: { changed: ['secret'] } });
    clock.now += DAY_MS - 1;
    await call(testWebhookEndpoint, { id });
    clock.now += 10_000;
    await call(testWebhookEndpoint, { id });
    expect(requests.map(({ secrets }) => secrets)).toEqual([[rotated.secret, secret], [rotated.secret]]);
  });

  it('drops secrets that have ended, and never uses a version again', async () => {
    const { call, clock, store, id } = await begun();
    for (let n = 0; n < 3; n++) {
      await call(rotateWebhookSecret, { id });
      clock.now += DAY_MS;
    }
    expect(store.records.get(id)?.secrets.map(({ version, until }) => [version, until])).toEqual([
      [4, undefined],
      [3, NOW + 3 * DAY_MS],
    ]);
  });

  it('refuses a fifth active secret with 429 until the first one ends', async () => {
    const { call, clock, id } = await begun();
    for (let n = 0; n < 3; n++) {
      expect((await call(rotateWebhookSecret, { id })).status).toBe(200);
      clock.now += HOUR_MS;
    }
    expect(await call(rotateWebhookSecret, { id })).toMatchObject({
      status: 429,
      headers: { 'retry-after': String((21 * HOUR_MS) / 1_000) },
      body: { error_code: 'QUOTA_EXCEEDED' },
    });
    clock.now += 21 * HOUR_MS;
    expect((await call(rotateWebhookSecret, { id })).status).toBe(200);
  });

  it('makes a secret from the record that another call wrote meanwhile', async () => {
    const { call, store, id } = await begun();
    store.interference.push(() => store.touch(id, { description: 'b' }));
    await call(rotateWebhookSecret, { id });
    expect(store.records.get(id)).toMatchObject({ description: 'b', secrets: [{ version: 2 }, { version: 1 }] });
  });
});

describe('POST /webhook-endpoints/{endpoint_id}/test', () => {
  it('sends a signed ping, and returns how the endpoint answered', async () => {
    const { call, id, secret, requests } = await begun();
    expect(await call(testWebhookEndpoint, { id, role: 'operator' })).toMatchObject({
      status: 200,
      body: { delivered: true, status: 204, error: null, duration_ms: 12 },
    });
    const [request] = requests;
    expect(request).toMatchObject({ url: URL_WITH_KEY, secrets: [secret] });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id: request?.id,
      type: 'ping',
      timestamp: time(NOW),
      data: { endpoint_id: id },
    });
    expect(request?.id).toMatch(/^evt_[\w-]{22}$/);
  });

  it.each([
    [503, { delivered: false, status: 503, error: null }],
    [302, { delivered: false, status: 302, error: null }],
    ['TLS' as const, { delivered: false, status: null, error: 'TLS' }],
  ])('returns 200 also for the answer %s', async (answer, expected) => {
    const { call, id, receiver } = await begun();
    receiver.answer = { answer, durationMs: 1.5, retryAfterSeconds: undefined };
    expect(await call(testWebhookEndpoint, { id })).toMatchObject({
      status: 200,
      body: { ...expected, duration_ms: 2 },
    });
  });

  it('is refused with 429 within 10 seconds of the last one', async () => {
    const { call, clock, id, requests } = await begun();
    await call(testWebhookEndpoint, { id });
    clock.now += 9_999;
    expect(await call(testWebhookEndpoint, { id })).toMatchObject({ status: 429, headers: { 'retry-after': '10' } });
    clock.now += 1;
    expect((await call(testWebhookEndpoint, { id })).status).toBe(200);
    expect(requests).toHaveLength(2);
  });

  it('is also sent to a disabled endpoint', async () => {
    const { call, id, requests } = await begun();
    await call(updateWebhookEndpoint, { id, body: { enabled: false } });
    expect((await call(testWebhookEndpoint, { id })).status).toBe(200);
    expect(requests).toHaveLength(1);
  });
});

it.each(['we_short', 'x', `we_${'a'.repeat(23)}`, `we_${'/'.repeat(22)}`])(
  'the malformed id %s is 400 with the code for ids',
  async (id) => {
    const { call } = webhookApi();
    expect(await call(getWebhookEndpoint, { id })).toMatchObject({
      status: 400,
      body: {
        error_code: 'INVALID_ID',
        errors: [{ field: 'endpoint_id', message: 'endpoint_id must be the id of a webhook endpoint.' }],
      },
    });
  },
);
