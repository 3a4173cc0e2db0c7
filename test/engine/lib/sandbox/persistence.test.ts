import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { type Sandbox, startSandbox } from '../../../../lib/sandbox/server.ts';
import {
  bearer,
  handClock,
  KTP,
  keyed,
  list,
  logIn,
  rawList,
  runningSandbox,
  SLIK,
  send,
  tokensOf,
  UNKNOWN,
} from './caller.ts';
import { receiver } from './receiver.ts';

function stateFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'data', 'sandbox.json');
}

/** Runs `before` in one sandbox, then hands its successor with the same file back. */
async function restarted(
  before: (sandbox: Sandbox) => Promise<void>,
  now = Date.now,
  between = () => {},
): Promise<Sandbox> {
  const options = { stateFile: stateFile(), now };
  const first = await startSandbox(options);
  await before(first).finally(() => first.close());
  between();
  return runningSandbox(options);
}

test('life cycles go on where they were', async () => {
  const clock = handClock();
  const wait = () => clock.forward(10);
  const sandbox = await restarted(
    async (first) => {
      clock.forward(5);
      expect((await list(first, KTP)).items.map(({ status }) => status)).toEqual([
        'IN_PROGRESS',
        'IN_QUEUE',
        'IN_QUEUE',
      ]);
    },
    clock.now,
    wait,
  );
  expect((await list(sandbox, KTP)).items.map(({ status }) => status)).toEqual([
    'COMPLETED',
    'IN_PROGRESS',
    'IN_PROGRESS',
  ]);
});

test('retried items, groups with all their digits, faults and limits survive', async () => {
  const clock = handClock();
  const source = '{"id":"x","status":"COMPLETED","2":9007199254740993123,"1":1.10}';
  const sandbox = await restarted(async (first) => {
    const [failed] = (await list(first, SLIK)).items;
    await keyed(first, 'POST', `/verifications/${failed?.id}/retry`);
    await send(first, 'PUT', `/_sandbox/groups/${UNKNOWN}`, { body: `{"items":[${source}]}` });
    await send(first, 'DELETE', `/_sandbox/groups/${KTP}`);
    await send(first, 'POST', '/_sandbox/faults', { body: { kind: 'status', status: 503, times: 3 } });
    await send(first, 'PUT', '/_sandbox/limits', { body: { limit: 77 } });
    await rawList(first, SLIK);
  }, clock.now);
  expect((await rawList(sandbox, SLIK)).status).toBe(503);
  expect((await rawList(sandbox, SLIK)).status).toBe(503);
  expect((await list(sandbox, SLIK)).items[0]?.status).toBe('IN_QUEUE');
  const answer = await rawList(sandbox, UNKNOWN);
  expect(answer.text).toContain(source);
  expect(answer.headers.get('x-ratelimit-limit')).toBe('77');
  expect((await rawList(sandbox, KTP)).status).toBe(404);
});

test('the outcome of webhooks survives, and no webhook is sent for what happened meanwhile', async () => {
  const clock = handClock();
  const hook = await receiver();
  const options = { stateFile: stateFile(), now: clock.now, webhookUrl: hook.url };
  const first = await startSandbox(options);
  await send(first, 'PUT', '/_sandbox/webhooks', { body: { delivery: 'doubled' } });
  await first.close();
  clock.forward(30);
  await runningSandbox(options);
  clock.forward(30);
  expect((await hook.events(2)).map(({ timestamp, status }) => [timestamp, status])).toEqual([
    ['2026-11-23T08:00:36.000Z', 'COMPLETED'],
    ['2026-11-23T08:00:36.000Z', 'COMPLETED'],
  ]);
});

test('a state file from before there were webhooks is taken as it is', async () => {
  const file = stateFile();
  await (await startSandbox({ stateFile: file })).close();
  const { webhooks, ...older } = z.looseObject({}).parse(JSON.parse(readFileSync(file, 'utf8')));
  expect(webhooks).toEqual({ delivery: 'on', delayMs: 0, leadMs: 0 });
  writeFileSync(file, JSON.stringify(older));
  expect((await rawList(await runningSandbox({ stateFile: file }), KTP)).status).toBe(200);
});

test('tokens survive, and a session that has ended stays so', async () => {
  const tokens: { access_token: string; refresh_token: string }[] = [];
  const sandbox = await restarted(async (first) => {
    tokens.push(await logIn(first), await logIn(first));
  });
  const [old, live] = tokens;
  expect((await bearer(sandbox, old?.access_token ?? '')).status).toBe(401);
  expect((await bearer(sandbox, live?.access_token ?? '')).status).toBe(200);
  const refreshed = await send(sandbox, 'POST', '/auth/refresh', { body: { refresh_token: live?.refresh_token } });
  expect((await bearer(sandbox, tokensOf(refreshed).access_token)).status).toBe(200);
});

test('the state file is written whole, for its owner alone, and nothing lies beside it', async () => {
  const file = stateFile();
  const sandbox = await runningSandbox({ stateFile: file });
  await logIn(sandbox);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 1, session: { id: expect.any(String) } });
  expect(readdirSync(join(file, '..'))).toEqual(['sandbox.json']);
});

test.each(['{"schema":1,', '{"schema":2}', ''])('a state file that holds %j is one clear error', async (text) => {
  const file = stateFile();
  await (await startSandbox({ stateFile: file })).close();
  writeFileSync(file, text);
  const message = `The sandbox's state file ${file} can't be read. Delete it to start anew.`;
  await expect(startSandbox({ stateFile: file })).rejects.toThrow(message);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
