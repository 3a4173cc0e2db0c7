import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { handClock, KTP, keyed, LAND_CERTIFICATE, list, runningSandbox, SLIK, send, UNKNOWN } from './caller.ts';
import { receiver } from './receiver.ts';

const UNREAD = '88888888-8888-4888-8888-888888888888';
/** Longer than the sandbox takes to see that time has moved. */
const CHECK_MS = 500;

async function hooked() {
  const clock = handClock();
  const hook = await receiver();
  return { clock, hook, sandbox: await runningSandbox({ now: clock.now, webhookUrl: hook.url }) };
}

const groupOf = (...items: object[]) => JSON.stringify({ items });

describe('a webhook is sent', () => {
  test('for every status that a life cycle reaches, at the time when it does', async () => {
    const { clock, hook, sandbox } = await hooked();
    const [first, second] = (await list(sandbox, KTP)).items.map(({ id }) => id);
    clock.forward(9);
    const event = (verification_id: string | undefined, timestamp: string, status: string) => ({
      event: 'verification.status_changed',
      timestamp,
      result_id: KTP,
      verification_id,
      status,
    });
    const earlier = [
      event(first, '2026-11-23T08:00:04.000Z', 'IN_PROGRESS'),
      event(second, '2026-11-23T08:00:08.000Z', 'IN_PROGRESS'),
    ];
    expect(await hook.events(2)).toEqual(earlier);
    clock.forward(6);
    const later = event(first, '2026-11-23T08:00:14.000Z', 'COMPLETED');
    expect((await hook.events(4)).filter(({ verification_id }) => verification_id === first)).toEqual([
      earlier[0],
      later,
    ]);
  });

  test('in real time too', async () => {
    const { url, events } = await receiver();
    await runningSandbox({ webhookUrl: url });
    expect(await events(1)).toMatchObject([{ result_id: KTP, status: 'IN_PROGRESS' }]);
  });

  test('after a retry as its life runs anew, but not for the queue', async () => {
    const { clock, hook, sandbox } = await hooked();
    const id = (await list(sandbox, SLIK)).items[0]?.id;
    clock.forward(100);
    await hook.events(6);
    await keyed(sandbox, 'POST', `/verifications/${id}/retry`);
    clock.forward(20);
    expect((await hook.events(8)).slice(6)).toEqual([
      expect.objectContaining({ verification_id: id, result_id: SLIK, status: 'IN_PROGRESS' }),
      expect.objectContaining({ verification_id: id, result_id: SLIK, status: 'COMPLETED' }),
    ]);
  });

  test('for an edit', async () => {
    const { hook, sandbox } = await hooked();
    const id = (await list(sandbox, SLIK)).items[1]?.id;
    await keyed(sandbox, 'PUT', `/verifications/${id}`, { status: 'NEED_REVIEW' });
    expect(await hook.events(1)).toMatchObject([{ verification_id: id, status: 'NEED_REVIEW' }]);
  });

  test('for the items of a group that was set that are new or have another status, and for no others', async () => {
    const { hook, sandbox } = await hooked();
    const item = (id: string, status: string, more: object = {}) => ({ id, status, webhook_url: hook.url, ...more });
    const set = (...items: object[]) => sandbox.controls.setGroup(UNKNOWN, groupOf(...items));
    set(item('a', 'DRAFT'), item('b', 'IN_QUEUE'), item('c', 'FAILED'), { id: 'd', status: 'FAILED' });
    expect(await hook.events(1)).toMatchObject([{ verification_id: 'c', result_id: UNKNOWN, status: 'FAILED' }]);
    set(item('b', 'CANCELLED'), item('c', 'FAILED', { output: 1 }), { id: 'd', status: 'COMPLETED' });
    expect((await hook.events(2))[1]).toMatchObject({ verification_id: 'b', status: 'CANCELLED' });
    const answer = await send(sandbox, 'PUT', `/_sandbox/groups/${UNKNOWN}`, {
      body: { items: [item('e', 'FRAUD_DETECTED')] },
    });
    expect(answer.status).toBe(204);
    expect((await hook.events(3))[2]).toMatchObject({ verification_id: 'e', status: 'FRAUD_DETECTED' });
  });

  test('by no fixture without a webhook, nor for what happened before the start or by a reset', async () => {
    const { clock, hook, sandbox } = await hooked();
    expect((await list(sandbox, UNREAD)).items[0]?.webhook_url).toBe(null);
    clock.forward(100);
    expect((await hook.events(6)).every(({ result_id }) => result_id === KTP)).toBe(true);
    sandbox.controls.reset();
    await sleep(CHECK_MS);
    await hook.events(6);
  });
});

describe('a signature', () => {
  const item = (url: string, id: string, webhook_metadata?: unknown) => ({
    id,
    status: 'COMPLETED',
    webhook_url: url,
    webhook_metadata,
  });

  test('is there where the item has a secret, over the time and the very bytes of the body', async () => {
    const { hook, sandbox } = await hooked();
    const secret = 'geheim-é';
    sandbox.controls.setGroup(
      UNKNOWN,
      groupOf(item(hook.url, '李明', { webhook_secret: secret }), item(hook.url, 'b', { webhook_secret: 7 })),
    );
    await hook.events(2);
    const signed = hook.received.find(({ event }) => event.verification_id === '李明');
    const unsigned = hook.received.find(({ event }) => event.verification_id === 'b');
    const time = `${Date.parse('2026-11-23T08:00:00Z') / 1000}`;
    expect(signed?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-webhook-timestamp': time,
      'x-webhook-signature': createHmac('sha256', secret).update(`${time}.${signed?.text}`).digest('hex'),
    });
    expect(Object.keys(unsigned?.headers ?? {}).filter((name) => name.startsWith('x-'))).toEqual([]);
    expect(JSON.stringify(sandbox.controls.deliveries())).not.toContain('geheim');
  });

  test('has the names and the text that it is given', async () => {
    const { url, received, events } = await receiver();
    const webhooks = { signatureHeader: 'X-Sig', timestampHeader: 'X-Time', signedText: 'v1:{body}:{timestamp}:{x}' };
    const { controls } = await runningSandbox({ webhooks });
    controls.setGroup(UNKNOWN, groupOf(item(url, '{timestamp}', { webhook_secret: 's' })));
    await events(1);
    const signed = `v1:${received[0]?.text}:${received[0]?.headers['x-time']}:{x}`;
    expect(received[0]?.headers['x-sig']).toBe(createHmac('sha256', 's').update(signed).digest('hex'));
  });
});

test('fixtures carry the address that is given, and else their own', async () => {
  const urls = async (options: { webhookUrl?: string }) => {
    const sandbox = await runningSandbox(options);
    const groups = await Promise.all([KTP, LAND_CERTIFICATE, UNREAD].map((id) => list(sandbox, id)));
    return groups.map(({ items }) => items[0]?.webhook_url);
  };
  expect(await urls({})).toEqual(['https://lender.example/webhook', 'https://bank.example/anycheck', null]);
  const webhookUrl = 'http://127.0.0.1:9/hook';
  expect(await urls({ webhookUrl })).toEqual([webhookUrl, webhookUrl, null]);
});
