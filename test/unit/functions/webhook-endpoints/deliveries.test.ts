import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../../../functions/routes.ts';
import { printedLines } from '../../../fakes/printed.ts';
import { NOW, webhookApi } from '../../../fakes/webhook-api.ts';
import { deliveryAt } from '../../../fakes/webhook-store.ts';

const lines = printedLines();
const DAY_MS = 86_400_000;
const GROUP = '11111111-1111-4111-8111-111111111111';
const OTHER = '22222222-2222-4222-8222-222222222222';
const {
  createWebhookEndpoint,
  updateWebhookEndpoint,
  listWebhookDeliveries,
  resendWebhookDelivery,
  recoverWebhookDeliveries,
} = routes;
const Page = z.object({
  items: z.array(z.looseObject({ delivery_id: z.string(), status: z.string() })),
  next_cursor: z.string().nullable(),
});
const time = (at: number) => new Date(at).toISOString();

/** An API with one endpoint. */
async function begun() {
  const made = webhookApi();
  const body = { url: 'https://los.example.com/' };
  const { id } = z.object({ id: z.string() }).parse((await made.call(createWebhookEndpoint, { body })).body);
  const disable = () => made.call(updateWebhookEndpoint, { id, body: { enabled: false } });
  async function page(query: Record<string, string> = {}) {
    return Page.parse((await made.call(listWebhookDeliveries, { id, query, role: 'operator' })).body);
  }
  async function all(query: Record<string, string> = {}) {
    const pages: z.output<typeof Page>[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const one = await page({ ...query, ...(cursor && { cursor }) });
      pages.push(one);
      cursor = one.next_cursor;
    }
    return pages;
  }
  return { ...made, id, disable, page, all };
}

describe('the list of deliveries', () => {
  it('has every field of a delivery, newest first', async () => {
    const { store, id, page } = await begun();
    const attempts = [
      { at: NOW - 900, answer: 503, durationMs: 11.6 },
      { at: NOW - 800, answer: 'DNS' as const, durationMs: 3 },
    ];
    store.deliveries(id, [
      deliveryAt(NOW - 2_000, 1),
      deliveryAt(NOW - 1_000, 2, { status: 'pending', attempts, attemptCount: 14, nextAttempt: NOW, version: 7 }),
    ]);
    const { items, next_cursor } = await page();
    expect(items).toEqual([
      {
        delivery_id: `dlv_${NOW - 1_000}_0000000000000000000002`,
        event_id: 'evt_0000000000000000000002',
        type: 'group.updated',
        result_id: GROUP,
        version: 7,
        status: 'pending',
        cancel_reason: null,
        attempts: [
          { at: time(NOW - 900), status: 503, error: null, duration_ms: 12 },
          { at: time(NOW - 800), status: null, error: 'DNS', duration_ms: 3 },
        ],
        attempt_count: 14,
        next_attempt: time(NOW),
        event_time: time(NOW - 1_000),
      },
      expect.objectContaining({ event_id: 'evt_0000000000000000000001', status: 'delivered', next_attempt: null }),
    ]);
    expect(next_cursor).toBeNull();
  });

  it('ends 30 days back', async () => {
    const { store, id, page } = await begun();
    store.deliveries(id, [deliveryAt(NOW - 30 * DAY_MS - 1, 1), deliveryAt(NOW - 30 * DAY_MS, 2)]);
    expect((await page()).items).toHaveLength(1);
  });

  it('returns each delivery once over its pages, and no empty page at the end', async () => {
    const { store, id, all } = await begun();
    store.deliveries(
      id,
      Array.from({ length: 40 }, (_, n) => deliveryAt(NOW - Math.floor(n / 3), n)),
    );
    const pages = await all({ limit: '20' });
    expect(pages.map(({ items }) => items.length)).toEqual([20, 20]);
    expect(new Set(pages.flatMap(({ items }) => items.map((one) => one.delivery_id))).size).toBe(40);
  });

  it('filters by status and by group', async () => {
    const { store, id, page } = await begun();
    store.deliveries(id, [
      deliveryAt(NOW, 1, { status: 'failed' }),
      deliveryAt(NOW, 2, { status: 'failed', resultId: OTHER }),
      deliveryAt(NOW, 3, { resultId: OTHER }),
    ]);
    const found = async (query: Record<string, string>) =>
      (await page(query)).items.map(({ event_id }) => Number(String(event_id).slice(4)));
    expect(await found({ status: 'failed' })).toEqual([2, 1]);
    expect(await found({ result_id: OTHER })).toEqual([3, 2]);
    expect(await found({ result_id: OTHER.toUpperCase(), status: 'failed' })).toEqual([2]);
    expect(await found({ status: 'cancelled' })).toEqual([]);
  });

  it('reads at most 1,000 deliveries a call, and finds all that match over the pages', async () => {
    const { store, id, all, page } = await begun();
    const rare = (n: number) => (n % 700 === 699 ? { status: 'failed' as const } : {});
    store.deliveries(
      id,
      Array.from({ length: 2_500 }, (_, n) => deliveryAt(NOW - n, n, rare(n))),
    );
    const first = await page({ status: 'failed' });
    expect([first.items.length, first.next_cursor === null]).toEqual([1, false]);
    expect(store.reads.deliveries).toBe(1_000);
    const pages = await all({ status: 'failed' });
    expect(pages.map(({ items }) => items.length)).toEqual([1, 1, 1]);
  });

  it('shows a pending delivery whose event was erased as cancelled, also to the filter', async () => {
    const { store, id, page } = await begun();
    store.deliveries(
      id,
      [1, 2].map((n) => deliveryAt(NOW, n, { status: 'pending', nextAttempt: NOW })),
    );
    store.erased.add(deliveryAt(NOW, 1).eventId);
    const cancelled = {
      event_id: deliveryAt(NOW, 1).eventId,
      status: 'cancelled',
      cancel_reason: 'ERASED',
      next_attempt: null,
    };
    expect((await page()).items).toMatchObject([{ status: 'pending' }, cancelled]);
    expect((await page({ status: 'cancelled' })).items).toMatchObject([cancelled]);
    expect((await page({ status: 'pending' })).items).toMatchObject([{ status: 'pending', cancel_reason: null }]);
  });

  it('names the group of its filter in the audit log', async () => {
    const { page } = await begun();
    await page({ result_id: GROUP });
    const audit = 'GET /webhook-endpoints/{endpoint_id}/deliveries';
    expect(lines.at(-1)).toMatchObject({ audit, groups: [GROUP], outcome: 200 });
  });

  it.each([
    [{ status: 'done' }, 'INVALID_REQUEST'],
    [{ result_id: 'x' }, 'INVALID_ID'],
    [{ limit: '101' }, 'INVALID_REQUEST'],
    [{ cursor: 'x' }, 'INVALID_REQUEST'],
    [{ cursor: Buffer.from('{"before":"dlv_1"}').toString('base64url') }, 'INVALID_REQUEST'],
    [{ page: '1' }, 'INVALID_REQUEST'],
  ])('refuses the query %j with 400', async (query, error_code) => {
    const { call, id } = await begun();
    expect(await call(listWebhookDeliveries, { id, query })).toMatchObject({ status: 400, body: { error_code } });
  });

  it('of an unknown endpoint is 404', async () => {
    const { call } = await begun();
    expect((await call(listWebhookDeliveries, { id: `we_${'x'.repeat(22)}` })).status).toBe(404);
  });
});

describe('a resend', () => {
  const again = deliveryAt(NOW - 1_000, 1, { status: 'failed', attemptCount: 11 });

  it.each(['delivered', 'failed', 'pending', 'cancelled'] as const)(
    'of a delivery that is %s makes it pending from the beginning, and queues it',
    async (status) => {
      const { call, store, id, queued } = await begun();
      store.deliveries(id, [{ ...again, status }]);
      const answer = await call(resendWebhookDelivery, { id, deliveryId: again.id, role: 'operator' });
      expect(answer).toMatchObject({ status: 202, body: { accepted: true } });
      expect(store.deliveryOf(id, again.id)).toMatchObject({ status: 'pending', attemptCount: 0, nextAttempt: NOW });
      expect(queued).toEqual([{ endpointId: id, deliveryId: again.id, due: NOW }]);
    },
  );

  it('of a group that was erased is 410', async () => {
    const { call, store, id, queued } = await begun();
    store.deliveries(id, [again]);
    store.erased.add(again.eventId);
    expect(await call(resendWebhookDelivery, { id, deliveryId: again.id })).toMatchObject({
      status: 410,
      body: { error_code: 'NOT_FOUND' },
    });
    expect(queued).toEqual([]);
  });

  it.each([
    ['unknown', NOW],
    ['older than 30 days', NOW - 30 * DAY_MS - 1],
  ])('of a delivery that is %s is 404', async (why, at) => {
    const { call, store, id } = await begun();
    const delivery = deliveryAt(at, 9);
    if (why !== 'unknown') store.deliveries(id, [delivery]);
    expect((await call(resendWebhookDelivery, { id, deliveryId: delivery.id })).status).toBe(404);
  });

  it('to a disabled endpoint is 409', async () => {
    const { call, store, id, disable } = await begun();
    store.deliveries(id, [again]);
    await disable();
    expect(await call(resendWebhookDelivery, { id, deliveryId: again.id })).toMatchObject({
      status: 409,
      body: { error_code: 'INVALID_REQUEST', message: 'This webhook endpoint is disabled. Enable it first.' },
    });
  });

  it('is refused with 429 after 60 in a minute, until the next minute', async () => {
    const { call, clock, store, id } = await begun();
    store.deliveries(id, [again]);
    const resend = () => call(resendWebhookDelivery, { id, deliveryId: again.id });
    for (let n = 0; n < 60; n++) expect((await resend()).status).toBe(202);
    const seconds = Math.ceil((60_000 - (NOW % 60_000)) / 1_000);
    expect(await resend()).toMatchObject({ status: 429, headers: { 'retry-after': String(seconds) } });
    clock.now += seconds * 1_000;
    expect((await resend()).status).toBe(202);
  });

  it('goes on from what an attempt wrote at the same time', async () => {
    const { call, store, id, queued } = await begun();
    store.deliveries(id, [again]);
    store.interference.push(() => store.deliveries(id, [{ ...again, status: 'delivered' }]));
    expect((await call(resendWebhookDelivery, { id, deliveryId: again.id })).status).toBe(202);
    expect(queued).toHaveLength(1);
  });
});

describe('a recovery', () => {
  it('begins at a time of the caller, and queues the upkeep of the endpoint', async () => {
    const { call, store, id, queued } = await begun();
    const body = { since: '2026-11-28T07:00:00+07:00' };
    const answer = await call(recoverWebhookDeliveries, { id, body, role: 'operator' });
    expect(answer).toMatchObject({ status: 202, body: { accepted: true } });
    const since = Date.UTC(2026, 10, 28);
    expect((await store.endpoints.get(id))?.state.recovery).toEqual({ since, until: NOW, after: undefined });
    expect(queued).toEqual([{ endpointId: id, due: NOW }]);
  });

  it('is refused with 429 while another one is under way', async () => {
    const { call, id, queued } = await begun();
    const body = { since: time(NOW - DAY_MS) };
    await call(recoverWebhookDeliveries, { id, body });
    expect(await call(recoverWebhookDeliveries, { id, body })).toMatchObject({
      status: 429,
      headers: { 'retry-after': '60' },
    });
    expect(queued).toHaveLength(1);
  });

  it('of a disabled endpoint is 409', async () => {
    const { call, id, disable } = await begun();
    await disable();
    const answer = await call(recoverWebhookDeliveries, { id, body: { since: time(NOW) } });
    expect(answer).toMatchObject({ status: 409, body: { error_code: 'INVALID_REQUEST' } });
  });

  it.each([
    [{}, 'since is required.'],
    [{ since: 'yesterday' }, 'since must be an RFC 3339 time, such as 2026-01-31T08:00:00Z.'],
    [{ since: time(NOW + 1) }, 'since must not be in the future.'],
    [{ since: time(NOW - 30 * DAY_MS - 1) }, 'since must be at most 30 days ago.'],
    [{ since: time(NOW), until: time(NOW) }, 'until is unknown. The known names are since.'],
  ])('with the body %j is 400', async (body, message) => {
    const { call, id, queued } = await begun();
    const answer = await call(recoverWebhookDeliveries, { id, body });
    expect(answer.status).toBe(400);
    expect(answer.body).toHaveProperty('errors', [{ field: message.split(' ')[0], message }]);
    expect(queued).toEqual([]);
  });
});
