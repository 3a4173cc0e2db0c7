import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Sandbox } from '../../../../lib/sandbox/server.ts';
import { handClock, KTP, list, rawList, refusal, runningSandbox, send, UNKNOWN } from './caller.ts';
import { type Receiver, receiver } from './receiver.ts';

/** Sets a group of one item that wants to be told of, and is. */
function change({ controls }: Pick<Sandbox, 'controls'>, url: string, id: string, status = 'COMPLETED') {
  controls.setGroup(UNKNOWN, JSON.stringify({ items: [{ id, status, webhook_url: url }] }));
}

const ids = ({ received }: Receiver) => received.map(({ event }) => event.verification_id);
const until = (check: () => void, timeout = 12_000) => vi.waitFor(check, { timeout, interval: 20 });

test('deliveries are listed with address, verification, status, answer and time, until calls are counted anew', async () => {
  const clock = handClock();
  const sandbox = await runningSandbox({ now: clock.now });
  const { url } = await receiver((response) => response.writeHead(418).end('body'));
  change(sandbox, url, 'a', 'FAILED');
  const report = async (): Promise<unknown> => JSON.parse((await send(sandbox, 'GET', '/_sandbox/deliveries')).text);
  await vi.waitFor(async () =>
    expect(await report()).toEqual([
      { url, verification_id: 'a', status: 'FAILED', answer: 418, failure: null, at: '2026-11-23T08:00:00.000Z' },
    ]),
  );
  await send(sandbox, 'DELETE', '/_sandbox/calls');
  expect(await report()).toEqual([]);
});

test('they can be lost, doubled and late, so that one overtakes another', async () => {
  const sandbox = await runningSandbox();
  const hook = await receiver();
  const put = (body: object) => send(sandbox, 'PUT', '/_sandbox/webhooks', { body });
  expect((await put({ delivery: 'lost' })).status).toBe(204);
  change(sandbox, hook.url, 'lost');
  expect(sandbox.controls.deliveries()).toMatchObject([{ verification_id: 'lost', failure: 'lost', answer: null }]);
  await put({ delay_ms: 400 });
  change(sandbox, hook.url, 'late');
  await put({ delivery: 'doubled' });
  change(sandbox, hook.url, 'twice');
  await hook.events(3);
  expect(ids(hook)).toEqual(['twice', 'twice', 'late']);
  expect(hook.received[0]?.text).toBe(hook.received[1]?.text);
  sandbox.controls.reset();
  change(sandbox, hook.url, 'once');
  await hook.events(4);
});

test.each([{ delivery: 'off' }, { delay_ms: -1 }, { delay: 5 }])('%j is refused', async (body) => {
  const refused = await send(await runningSandbox(), 'PUT', '/_sandbox/webhooks', { body });
  expect(refusal(refused)).toMatchObject({ status: 400, error_code: 'INVALID_REQUEST' });
});

test('a receiver that hangs, redirects or is not there delays no other, and each is in the log as it failed', async () => {
  const sandbox = await runningSandbox({ now: handClock().now });
  const hanging = await receiver(() => {});
  const good = await receiver();
  const elsewhere = await receiver((response) => response.writeHead(307, { location: good.url }).end());
  const gone = await receiver();
  await gone.close();
  change(sandbox, hanging.url, 'hanging');
  change(sandbox, elsewhere.url, 'elsewhere');
  change(sandbox, gone.url, 'gone');
  change(sandbox, good.url, 'good');
  await good.events(1);
  expect((await rawList(sandbox, KTP)).status).toBe(200);
  await until(() =>
    expect(sandbox.controls.deliveries().map(({ answer, failure }) => answer ?? failure)).toEqual([
      'timeout',
      307,
      'unreachable',
      204,
    ]),
  );
  expect(ids(good)).toEqual(['good']);
});

test('nothing leaves this machine unless it may', async () => {
  const outside = [
    'https://lender.example/hook',
    'http://127.0.0.1.example/',
    'http://10.0.0.1/',
    'ftp://localhost/',
    'x',
  ];
  const failures = async (allowRemote: boolean, urls: string[]) => {
    const sandbox = await runningSandbox({ webhooks: { allowRemote } });
    for (const [index, url] of urls.entries()) change(sandbox, url, `${index}`);
    await until(() => expect(sandbox.controls.deliveries().every(({ failure }) => failure !== null)).toBe(true));
    return sandbox.controls.deliveries().map(({ failure }) => failure);
  };
  expect(await failures(false, outside)).toEqual([
    'not_loopback',
    'not_loopback',
    'not_loopback',
    'not_http',
    'not_http',
  ]);
  expect(await failures(true, ['http://lender.invalid/', 'file:///etc/hosts'])).toEqual(['unreachable', 'not_http']);
});

test('all of a large group are delivered, some at a time', async () => {
  const sandbox = await runningSandbox();
  let open = 0;
  let max = 0;
  const hook = await receiver((response) => {
    max = Math.max(max, ++open);
    setTimeout(() => {
      open--;
      response.end();
    }, 20);
  });
  const items = Array.from({ length: 300 }, (_, id) => ({ id: `${id}`, status: 'FAILED', webhook_url: hook.url }));
  sandbox.controls.setGroup(UNKNOWN, JSON.stringify({ items }));
  await hook.events(300);
  expect(new Set(ids(hook)).size).toBe(300);
  expect(max).toBeLessThanOrEqual(50);
});

test('closing ends what is under way and what is still to come', async () => {
  const clock = handClock();
  const hanging = await receiver(() => {});
  const hook = await receiver();
  const sandbox = await runningSandbox({ now: clock.now, webhookUrl: hook.url });
  await list(sandbox, KTP);
  change(sandbox, hanging.url, 'hanging');
  await hanging.events(1);
  sandbox.controls.setWebhooks({ delay_ms: 300 });
  change(sandbox, hook.url, 'late');
  await sandbox.close();
  clock.forward(60);
  await sleep(600);
  expect(hook.received).toEqual([]);
  expect(sandbox.controls.deliveries()).toMatchObject([{ failure: 'unreachable' }, { answer: null, failure: null }]);
});
