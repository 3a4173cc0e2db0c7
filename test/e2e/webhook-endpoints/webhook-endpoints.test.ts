import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { failureOf } from '../stack/calls.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

const Endpoint = z.looseObject({ id: z.string(), url: z.string(), state: z.string() });
const Created = z.looseObject({ id: z.string(), secret: z.string().startsWith('whsec_') });
const List = z.object({ items: z.array(Endpoint) });
const Address = z.object({ port: z.number() });

let running: Shared;
let receiver: Server;
let url: string;
const received: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
beforeAll(async () => {
  running = await joinShared();
  receiver = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    received.push({ headers: request.headers, body });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${Address.parse(receiver.address()).port}/hook?key=7Qm2`;
});
afterAll(() => void receiver?.close());

const call = (method: string, path: string, body?: unknown) =>
  running.call(`/webhook-endpoints${path}`, {
    method,
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const created = async (more: object = {}) => {
  const response = await call('POST', '', { url, ...more });
  expect(response.status).toBe(201);
  return Created.parse(await response.json());
};

describe('a webhook endpoint', () => {
  it('is registered, listed, changed, disabled and deleted', async () => {
    const { id } = await created({ event_types: ['group.settled'] });
    const { items } = List.parse(await (await call('GET', '')).json());
    expect(items.find((one) => one.id === id)).toMatchObject({
      url: url.replace(/\?.*/, '?***'),
      event_types: ['group.settled'],
      state: 'active',
    });
    expect(await (await call('GET', `/${id}`)).json()).toMatchObject({
      counts_24h: { pending: 0, delivered: 0, failed: 0, cancelled: 0, complete: true },
    });
    const changed = await call('PATCH', `/${id}`, { description: 'Loans', enabled: false });
    expect(await changed.json()).toMatchObject({ description: 'Loans', state: 'disabled', disabled_reason: null });
    expect(await (await call('PATCH', `/${id}`, { enabled: true })).json()).toMatchObject({ state: 'active' });
    expect((await call('DELETE', `/${id}`)).status).toBe(204);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/deliveries'],
      ['POST', '/test'],
    ] as const) {
      expect((await call(method, `/${id}${path}`)).status).toBe(404);
    }
  });

  it('receives a test that both secrets sign after a rotation, once in 10 seconds', async () => {
    const { id } = await created();
    const rotated = await call('POST', `/${id}/rotate-secret`);
    expect(await rotated.json()).toEqual({
      secret: expect.stringMatching(/^whsec_/),
      previous_ends_at: expect.any(String),
    });
    const tested = await call('POST', `/${id}/test`);
    expect(await tested.json()).toMatchObject({ delivered: true, status: 204, error: null });
    // The endpoint also receives the events of groups that other tests of this stack publish.
    const pings = received.filter(({ body }) => JSON.parse(body).data.endpoint_id === id);
    expect(pings.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body).type])).toEqual([
      [expect.stringMatching(/^evt_/), 'ping'],
    ]);
    expect(String(pings[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(JSON.parse(pings[0]?.body ?? '{}').id).toBe(pings[0]?.headers['webhook-id']);
    const again = await call('POST', `/${id}/test`);
    expect([again.status, again.headers.get('retry-after')]).toEqual([429, '10']);
    await call('DELETE', `/${id}`);
  });

  it('shows in the answer to a test why nothing was received', async () => {
    const { id } = await created({ url: 'http://127.0.0.1:9/' });
    expect(await (await call('POST', `/${id}/test`)).json()).toMatchObject({
      delivered: false,
      status: null,
      error: 'CONNECT',
    });
    await call('DELETE', `/${id}`);
  });

  it.each(['http://example.com/', 'https://10.0.0.1/', 'https://user@example.com/', 'https://example.com:8443/'])(
    'cannot have the URL %s',
    async (refused) => {
      const response = await call('POST', '', { url: refused });
      expect(response.status).toBe(400);
      expect(await failureOf(response)).toMatchObject({ error_code: 'INVALID_REQUEST', errors: [{ field: 'url' }] });
    },
  );
});

describe('deliveries', () => {
  it('are listed page by page, and a cursor of another list is 400', async () => {
    const { id } = await created();
    expect(await (await call('GET', `/${id}/deliveries?limit=1`)).json()).toEqual({ items: [], next_cursor: null });
    expect((await call('GET', `/${id}/deliveries?cursor=e30`)).status).toBe(400);
    const unknown = `dlv_1700000000000_${'a'.repeat(22)}`;
    expect((await call('POST', `/${id}/deliveries/${unknown}/resend`)).status).toBe(404);
    await call('DELETE', `/${id}`);
  });

  it('are recovered by one recovery at a time, and only while the endpoint is enabled', async () => {
    const { id } = await created();
    await call('PATCH', `/${id}`, { enabled: false });
    const since = new Date(Date.now() - 60_000).toISOString();
    expect((await call('POST', `/${id}/recover`, { since })).status).toBe(409);
    await call('PATCH', `/${id}`, { enabled: true });
    expect((await call('POST', `/${id}/recover`, { since })).status).toBe(202);
    await call('DELETE', `/${id}`);
  });
});
