import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Webhook } from 'svix';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { eventually } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';
import type { Received } from './receiver.ts';
import { webhooksOf } from './world.ts';

const MINUTE_MS = 60_000;
const AWS = { region: REGION, credentials: CREDENTIALS };
const Rotated = z.object({ secret: z.string() });

let running: Running;
const webhooks = webhooksOf(() => running);
const { call, publish, received, deliveries } = webhooks;
beforeAll(async () => {
  running = await startRunning();
  running.sandbox.controls.setLimits({ limit: null });
  await running.stack.ready();
  webhooks.listen();
});
afterAll(() => running?.stop());

const headersOf = ({ headers }: Received) => ({
  'webhook-id': String(headers['webhook-id']),
  'webhook-timestamp': String(headers['webhook-timestamp']),
  'webhook-signature': String(headers['webhook-signature']),
});
/** Verifies a delivery with the library of Svix, as a receiver does whose clock is ahead. */
function verified(secret: string, one: Received, aheadMs = 0): void {
  vi.useFakeTimers({ now: Date.now() + aheadMs, toFake: ['Date'] });
  try {
    new Webhook(secret).verify(one.body, headersOf(one));
  } finally {
    vi.useRealTimers();
  }
}
/** The signature as the specification of Standard Webhooks describes it. */
function signatureOf(secret: string, one: Received): string {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp } = headersOf(one);
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${one.body}`).digest('base64')}`;
}
const busEvents = (endpointId: string) =>
  webhooks.bus.flatMap(({ 'detail-type': type, detail }) =>
    JSON.stringify(detail).includes(endpointId) ? [{ type, detail }] : [],
  );

const logOf = (beginning: string): string =>
  Object.entries(running.stack.logFiles)
    .filter(([logicalId]) => logicalId.startsWith(beginning))
    .map(([, file]) => readFileSync(file, 'utf8'))
    .join('');

describe('a webhook', () => {
  afterEach(webhooks.clear);

  it('a delivery is signed as Standard Webhooks says, and is the event of the bus', async () => {
    const { secret, receiver } = await webhooks.endpoint();
    const group = await publish('IN_PROGRESS');
    const [one] = await received(receiver, group);
    if (!one) throw new Error('nothing was received');
    expect(one.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': one.event.id });
    expect(one.event.type).toBe('group.created');
    expect(() => verified(secret, one)).not.toThrow();
    expect(headersOf(one)['webhook-signature']).toBe(signatureOf(secret, one));
    expect(() => verified(secret, one, 6 * MINUTE_MS)).toThrow('too old');
    expect(() => verified(secret, one, -6 * MINUTE_MS)).toThrow('too new');
    expect(webhooks.bus.map(({ detail }) => detail)).toContainEqual(one.event);
  });

  it('a delivery during a rotation is accepted with the secret before it and with the new one', async () => {
    const { id, secret, receiver } = await webhooks.endpoint();
    const rotated = await call('POST', `/webhook-endpoints/${id}/rotate-secret`);
    const { secret: current } = Rotated.parse(await rotated.json());
    const group = await publish('IN_PROGRESS');
    const [one] = await received(receiver, group);
    if (!one) throw new Error('nothing was received');
    for (const either of [secret, current]) expect(() => verified(either, one)).not.toThrow();
    expect(headersOf(one)['webhook-signature']).toBe(`${signatureOf(current, one)} ${signatureOf(secret, one)}`);
  });

  it('an answer of 410 disables the endpoint, which the bus announces and no webhook', async () => {
    const witness = await webhooks.endpoint();
    const { id, receiver } = await webhooks.endpoint();
    receiver.status = 410;
    const group = await publish('IN_PROGRESS');
    const disabled = await eventually(
      async () => busEvents(id).filter(({ type }) => type === 'webhook_endpoint.disabled'),
      (all) => all.length > 0,
    );
    expect(disabled).toMatchObject([{ detail: { data: { endpoint_id: id, reason: 'GONE', enabled: false } } }]);
    expect(await (await call('GET', `/webhook-endpoints/${id}`)).json()).toMatchObject({
      state: 'disabled',
      disabled_reason: 'GONE',
    });
    const [failed] = await deliveries(id, `?result_id=${group}`);
    expect(failed).toMatchObject({ status: 'failed', attempts: [{ status: 410 }] });
    const later = await publish('IN_PROGRESS');
    await received(witness.receiver, later);
    expect(receiver.about(later)).toEqual([]);
    expect(witness.receiver.received.filter(({ event }) => event.type.startsWith('webhook_endpoint.'))).toEqual([]);
  });

  it('each change of an endpoint is on the bus, without its secret and the query of its URL', async () => {
    const { id, secret, receiver } = await webhooks.endpoint({ description: 'Loans' }, '/hook?key=7Qm2');
    await call('PATCH', `/webhook-endpoints/${id}`, { description: 'Banks' });
    await call('POST', `/webhook-endpoints/${id}/rotate-secret`);
    await call('PATCH', `/webhook-endpoints/${id}`, { enabled: false });
    await call('DELETE', `/webhook-endpoints/${id}`);
    const events = await eventually(
      async () => busEvents(id),
      (all) => all.length === 5,
    );
    expect(events.map(({ type }) => type)).toEqual([
      'webhook_endpoint.created',
      'webhook_endpoint.updated',
      'webhook_endpoint.updated',
      'webhook_endpoint.disabled',
      'webhook_endpoint.deleted',
    ]);
    for (const kept of [secret, 'whsec_', '7Qm2', 'Banks', 'Loans']) expect(JSON.stringify(events)).not.toContain(kept);
    expect(receiver.received.filter(({ event }) => !event.type.startsWith('group.'))).toEqual([]);
  });

  it('an event of the bus that has no record is never sent, nor is a changed text of one that has', async () => {
    const { receiver } = await webhooks.endpoint();
    const group = await publish('IN_PROGRESS');
    const [real] = await received(receiver, group);
    const forged = { ...real?.event, id: `evt_${randomBytes(16).toString('base64url')}` };
    const changed = { ...real?.event, data: { ...real?.event.data, overall_status: 'FRAUD_DETECTED' } };
    const bus = new EventBridgeClient({ ...AWS, endpoint: running.stack.eventsEndpoint });
    const { FailedEntryCount } = await bus.send(
      new PutEventsCommand({
        Entries: [forged, changed].map((detail) => ({
          EventBusName: running.stack.outputs.EventBusName,
          Source: 'anycheck-snapshots',
          DetailType: 'group.created',
          Detail: JSON.stringify(detail),
        })),
      }),
    );
    expect(FailedEntryCount).toBe(0);
    await eventually(
      async () => logOf('Dispatch'),
      (text) => text.includes('"event":"dispatch.dropped"') && text.includes(forged.id),
    );
    await publish('COMPLETED', group);
    const all = await eventually(
      async () => receiver.about(group),
      (about) => about.some(({ event }) => event.type === 'group.settled'),
    );
    expect(all.filter(({ event }) => event.id === forged.id)).toEqual([]);
    expect(all.filter(({ event }) => event.id === real?.event.id)).toEqual([real]);
  });
});

// They wait for a retry after 5 s, so they wait together.
describe.concurrent('a webhook that failed', () => {
  afterAll(webhooks.clear);

  it('the log lists each attempt, and an operator can have a delivery sent again with the same event', async () => {
    const { id, receiver } = await webhooks.endpoint();
    receiver.status = 500;
    const group = await publish('IN_PROGRESS');
    await received(receiver, group);
    receiver.status = 204;
    const ofGroup = () => deliveries(id, `?result_id=${group}`);
    const [delivered] = await eventually(ofGroup, ([one]) => one?.status === 'delivered');
    expect(delivered).toMatchObject({
      type: 'group.created',
      attempts: [{ status: 500 }, { status: 204 }],
      attempt_count: 2,
      next_attempt: null,
    });
    const resent = await call('POST', `/webhook-endpoints/${id}/deliveries/${delivered?.delivery_id}/resend`);
    expect(resent.status).toBe(202);
    const all = await received(receiver, group, 3);
    expect(new Set(all.map(({ body }) => body)).size).toBe(1);
    const [again] = await eventually(ofGroup, ([one]) => one?.attempts.length === 3 && one.status === 'delivered');
    expect(again).toMatchObject({ attempt_count: 1 });
    expect(await (await call('GET', `/webhook-endpoints/${id}`)).json()).toMatchObject({
      state: 'active',
      counts_24h: { failed: 0 },
    });
  });

  it('a disabled endpoint gets nothing, and after a recovery what failed meanwhile', { timeout: 60_000 }, async () => {
    const { id, receiver } = await webhooks.endpoint();
    const since = new Date().toISOString();
    receiver.status = 503;
    const failed = await publish('IN_PROGRESS');
    await received(receiver, failed);
    expect((await call('PATCH', `/webhook-endpoints/${id}`, { enabled: false })).status).toBe(200);
    const unseen = await publish('IN_PROGRESS');
    // The retry is due after 5 s, and makes no request.
    await eventually(
      () => deliveries(id, `?result_id=${failed}`),
      ([one]) => one?.status === 'failed',
    );
    expect(receiver.about(failed)).toHaveLength(1);
    expect((await call('POST', `/webhook-endpoints/${id}/recover`, { since })).status).toBe(409);
    receiver.status = 204;
    await call('PATCH', `/webhook-endpoints/${id}`, { enabled: true });
    expect((await call('POST', `/webhook-endpoints/${id}/recover`, { since })).status).toBe(202);
    const all = await received(receiver, failed, 2);
    expect(all[1]?.body).toBe(all[0]?.body);
    await eventually(
      () => deliveries(id, `?result_id=${failed}`),
      ([one]) => one?.status === 'delivered',
    );
    expect(receiver.about(unseen)).toEqual([]);
    expect(await deliveries(id, `?result_id=${unseen}`)).toEqual([]);
  });

  it('of an erased group, pending deliveries are cancelled, and only group.erased arrives', async () => {
    const { id, receiver } = await webhooks.endpoint();
    receiver.status = 500;
    const group = await publish('IN_PROGRESS');
    await received(receiver, group);
    expect((await call('DELETE', `/groups/${group}`)).status).toBe(204);
    expect(await deliveries(id, `?result_id=${group}&status=cancelled`)).toMatchObject([
      { type: 'group.created', cancel_reason: 'ERASED', next_attempt: null },
    ]);
    receiver.status = 204;
    await eventually(
      async () => receiver.about(group).at(-1)?.event.type,
      (type) => type === 'group.erased',
    );
    // The retry of the first event is due after 5 s. It makes no request.
    await eventually(
      async () => logOf('Deliver'),
      (text) => text.split('\n').some((line) => line.includes(group) && line.includes('"reason":"ERASED"')),
    );
    expect(receiver.about(group).map(({ event }) => event.type)).toEqual(['group.created', 'group.erased']);
  });
});

describe('after all that', () => {
  it('the dead-letter queues are empty, and no function has crashed', async () => {
    const sqs = new SQSClient({ ...AWS, endpoint: running.stack.queueEndpoint });
    const queues = Object.entries(running.stack.outputs).filter(([name]) => name.endsWith('DeadLetterQueueUrl'));
    expect(queues.length).toBeGreaterThanOrEqual(4);
    for (const [name, QueueUrl] of queues) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
      );
      expect([name, Attributes?.ApproximateNumberOfMessages]).toEqual([name, '0']);
    }
    for (const fn of ['Dispatch', 'Deliver', 'WebhookEndpoints', 'Sweep']) expect(logOf(fn)).not.toContain('.crashed"');
  });
});
