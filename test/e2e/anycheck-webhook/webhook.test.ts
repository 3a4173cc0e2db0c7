import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { eventually, failureOf } from '../stack/calls.ts';
import { WEBHOOK_TOKEN } from '../stack/options.ts';
import { joinShared, type Shared } from '../stack/shared.ts';

const ACCEPTED = '{"accepted":true}';

let running: Shared;
beforeAll(async () => {
  running = await joinShared();
});

async function hold(status: string, resultId: string = randomUUID(), more = ''): Promise<string> {
  const item = `{"id":"${resultId}","status":"${status}"${more}}`;
  await running.setGroup(resultId, `{"overall_status":"${status}","items":[${item}]}`);
  return resultId;
}
const statusOf = async (id: string) =>
  /"status":"(\w+)"/.exec(await (await running.list(`result_id=${id}`)).text())?.[1];
const eventOf = (resultId: string) => ({
  event: 'verification.status_changed',
  timestamp: new Date().toISOString(),
  result_id: resultId,
  verification_id: resultId,
  status: 'COMPLETED',
});
const keysOf = async ({ dynamodbEndpoint: endpoint, outputs }: Shared['stack']) => {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({ region: REGION, credentials: CREDENTIALS, endpoint }),
  );
  const keys: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: outputs.TableName, ConsistentRead: true })) {
    keys.push(...Items.map(({ pk }) => String(pk)));
  }
  return keys;
};
/** Deliveries in a burst, as many at once as a small machine has functions for. */
async function burst(ids: readonly string[]): Promise<{ status: number; body: string }[]> {
  const answers: { status: number; body: string }[] = [];
  const waiting = [...ids];
  const worker = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const response = await running.deliver(eventOf(id));
      answers.push({ status: response.status, body: await response.text() });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return answers;
}
describe('a delivery', () => {
  it('has a reader see the change in under 2 seconds, also as AnyCheck itself sends it', async () => {
    const hooked = `,"webhook_url":"${running.stack.webhookUrl}"`;
    const own = await hold('NEED_REVIEW');
    const sent = await hold('NEED_REVIEW', undefined, hooked);
    for (const id of [own, sent]) expect(await statusOf(id)).toBe('NEED_REVIEW');

    const seen = async (id: string) => {
      const begun = performance.now();
      await eventually(
        () => statusOf(id),
        (status) => status === 'COMPLETED',
        5_000,
      );
      return Math.round(performance.now() - begun);
    };
    await hold('COMPLETED', own);
    expect((await running.deliver(eventOf(own.toUpperCase()))).status).toBe(202);
    const ownMs = await seen(own);
    await hold('COMPLETED', sent, hooked);
    const sentMs = await seen(sent);
    console.log(`a change is seen ${ownMs} ms after its delivery, ${sentMs} ms after AnyCheck made it`);
    expect(Math.max(ownMs, sentMs)).toBeLessThan(2_000);
  });

  it('that comes 200 times in a burst makes few calls to AnyCheck', async () => {
    const id = await hold('NEED_REVIEW');
    await statusOf(id);
    await hold('COMPLETED', id);
    const before = await running.callsAbout(id);
    const begun = performance.now();
    const answers = await burst(Array.from({ length: 200 }, () => id));
    const ms = Math.round(performance.now() - begun);
    expect(answers).toEqual(answers.map(() => ({ status: 202, body: ACCEPTED })));
    await eventually(
      () => statusOf(id),
      (status) => status === 'COMPLETED',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const calls = (await running.callsAbout(id)) - before;
    console.log(`200 deliveries in ${ms} ms made ${calls} calls to AnyCheck`);
    // A delivery during a refresh causes one more refresh, so the time bounds their number.
    expect(calls).toBeLessThan(50);
  });

  it('of a group that is not tracked is accepted like any other, and leaves nothing behind', async () => {
    const ids = await Promise.all(Array.from({ length: 300 }, () => hold('COMPLETED')));
    const answers = await burst(ids);
    expect(answers).toEqual(ids.map(() => ({ status: 202, body: ACCEPTED })));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const keys = await keysOf(running.stack);
    expect(keys.filter((key) => ids.some((id) => key.includes(id)))).toEqual([]);
    expect(await running.callsAbout(...ids)).toBe(0);
  });

  it.each([
    '{}',
    '[]',
    'null',
    '7',
    '"result_id"',
    '{"result_id":null}',
    '{"result_id":["3c90c3cc-0d44-4b50-8888-8dd25736052a"]}',
    '{"result_id":"3c90c3cc-0d44-4b50-8888"}',
    '{"data":{"result_id":"3c90c3cc-0d44-4b50-8888-8dd25736052a"}}',
  ])('of %s is taken, and names no group', async (body) => {
    const response = await running.deliver(body);
    expect([response.status, await response.text()]).toEqual([202, ACCEPTED]);
  });

  it.each(['', '{', 'result_id=x', '<xml/>', '{"result_id":"x"}}'])('of %j is 400 INVALID_REQUEST', async (body) => {
    const response = await running.deliver(body);
    expect(response.status).toBe(400);
    expect(await failureOf(response)).toEqual({ error_code: 'INVALID_REQUEST', message: 'The body is not JSON.' });
  });

  it('may come without a content type, and then in base64', async () => {
    const id = await hold('NEED_REVIEW');
    await statusOf(id);
    await hold('COMPLETED', id);
    expect((await running.deliver(eventOf(id), { 'content-type': '' })).status).toBe(202);
    await eventually(
      () => statusOf(id),
      (status) => status === 'COMPLETED',
      5_000,
    );
  });
});

describe('the body of a delivery', () => {
  const send = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
    running.call(routes.anycheckWebhook.path.replace('{token}', WEBHOOK_TOKEN), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const requests = async (
    body: (text: string) => string | Uint8Array<ArrayBuffer>,
    headers?: Record<string, string>,
  ) => {
    const id = await hold('NEED_REVIEW');
    await statusOf(id);
    await hold('COMPLETED', id);
    expect((await send(body(JSON.stringify(eventOf(id))), headers)).status).toBe(202);
    await eventually(
      () => statusOf(id),
      (status) => status === 'COMPLETED',
    );
  };

  it('may begin with a byte order mark', () => requests((text) => `\ufeff${text}`));

  it.each(['gzip', 'x-gzip', 'GZIP'])('may be compressed with %s', (coding) =>
    requests((text) => new Uint8Array(gzipSync(text)), { 'content-encoding': coding }),
  );

  it('may be decoded already by what stands before this service', () =>
    requests((text) => text, { 'content-encoding': 'gzip' }));

  it.each([
    ['br', 415],
    ['gzip, gzip', 415],
    ['zstd', 415],
  ])('with the content coding %s is %i', async (coding, status) => {
    const response = await send(JSON.stringify(eventOf(randomUUID())), { 'content-encoding': coding });
    expect(response.status).toBe(status);
    expect(await failureOf(response)).toMatchObject({ error_code: 'INVALID_REQUEST' });
  });

  it.each([
    ['cut off', gzipSync('{"result_id":"x"}').subarray(0, 20)],
    ['of more than 10 MB', gzipSync(`{"result_id":"${' '.repeat(11 * 1024 * 1024)}"}`)],
  ])('in gzip that is %s is 400', async (_, body) => {
    expect((await send(new Uint8Array(body), { 'content-encoding': 'gzip' })).status).toBe(400);
  });
});

describe('the token of the address', () => {
  const to = (token: string, body = '{"result_id":"x"}') =>
    running.call(routes.anycheckWebhook.path.replace('{token}', token), { method: 'POST', body });

  it.each([
    ['is another', 'webhook-token-of-another-sender'],
    ['is a part', WEBHOOK_TOKEN.slice(0, -1)],
    ['has more', `${WEBHOOK_TOKEN}x`],
    ['is in upper case', WEBHOOK_TOKEN.toUpperCase()],
    ['is escaped', '%00'],
  ])('that %s is 401 INVALID_TOKEN, whatever the body is', async (_, token) => {
    for (const body of ['{"result_id":"x"}', '{', '']) {
      const response = await to(token, body);
      expect(response.status).toBe(401);
      expect(await failureOf(response)).toEqual({
        error_code: 'INVALID_TOKEN',
        message: 'The address holds no valid token.',
      });
    }
  });

  it('that is missing, or has more behind it, is no address at all', async () => {
    for (const token of ['', `${WEBHOOK_TOKEN}/more`]) expect([401, 404]).toContain((await to(token)).status);
    const response = await running.call(routes.anycheckWebhook.path.replace('{token}', WEBHOOK_TOKEN));
    expect([401, 404]).toContain(response.status);
  });
});

describe('what can be read of it', () => {
  it('is the token in the secret alone: in no log, no environment and no template', async () => {
    expect((await running.deliver(eventOf(randomUUID()))).status).toBe(202);
    const logs = Object.values(running.stack.logFiles).map((file) => readFileSync(file, 'utf8'));
    expect(logs.join('')).toContain('webhook.without_group');
    const assembly = inject('assembly');
    const templates = (await readdir(assembly)).filter((file) => file.endsWith('.json'));
    const texts = await Promise.all(templates.map((file) => readFile(join(assembly, file), 'utf8')));
    for (const text of [...logs, ...texts]) {
      expect(text).not.toContain(WEBHOOK_TOKEN);
      expect(text).not.toContain('local-webhook-token');
    }
  });

  it('is nothing of a body', async () => {
    const marker = 'BUDI-SANTOSO-3174';
    await running.deliver({ ...eventOf(randomUUID()), result_id: marker });
    await running.deliver(`{"name":"${marker}"`);
    const logs = Object.values(running.stack.logFiles).map((file) => readFileSync(file, 'utf8'));
    expect(logs.join('')).not.toContain(marker);
  });
});
