import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { deepHealth } from '../../../functions/health-deep/routes.ts';
import { serve } from '../../../lib/local/http/serve.ts';
import type { ServiceEndpoints } from '../../../lib/local/lambda/environment.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { startTables } from '../../../lib/local/storage/tables.ts';
import { eventually, failureOf } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';

const Deep = z.union([deepHealth.answers[503].schema, deepHealth.answers[200].schema]);

/** The tables' engine behind something that may keep every answer back. */
async function tables() {
  const directory = await mkdtemp(join(tmpdir(), 'health-'));
  const engine = await startTables({ directory });
  let hangs = false;
  const front = await serve(
    createServer((incoming, answer) => {
      if (hangs) return;
      const { method, headers } = incoming;
      const passed = request(engine.endpoint, { method, headers }, (got) => {
        answer.writeHead(got.statusCode ?? 500, got.headers);
        got.pipe(answer);
      });
      passed.on('error', () => answer.destroy());
      incoming.pipe(passed);
    }),
  );
  return {
    endpoint: front.url,
    hang: (whether: boolean) => {
      hangs = whether;
    },
    async stop() {
      await front.close();
      await engine.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

let dynamodb: Awaited<ReturnType<typeof tables>>;
let running: Running;
beforeAll(async () => {
  dynamodb = await tables();
  running = await startRunning({ dynamodbEndpoint: dynamodb.endpoint });
  await running.stack.ready();
});
afterAll(async () => {
  await running?.stop();
  await dynamodb?.stop();
});

const health = () => running.call('/health');
const deep = async () => {
  const response = await running.call('/health/deep', { headers: { authorization: `Bearer ${running.token}` } });
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, retryAfter, report: Deep.parse(await response.json()) };
};
const isOk = ({ report }: Awaited<ReturnType<typeof deep>>) => report.status === 'ok';

it('a service that is well says so, and when its last sweep ended', async () => {
  const begun = Date.now();
  expect(await (await health()).json()).toEqual({ status: 'ok' });
  const swept = ({ report }: Awaited<ReturnType<typeof deep>>) => Date.parse(report.last_sweep.ended_at ?? '') > begun;
  const { status, retryAfter, report } = await eventually(deep, swept);
  expect({ status, retryAfter }).toEqual({ status: 200, retryAfter: null });
  expect(report).toMatchObject({
    status: 'ok',
    table: { status: 'ok' },
    anycheck: { status: 'ok', circuit: 'closed', credentials_refused: false },
    oldest_due: { status: 'ok', seconds_late: 0 },
    announcements: { status: 'ok', seconds_late: 0, bus_failed_at: null },
    dead_letters: { status: 'ok', messages: 0 },
    webhooks: { status: 'ok', seconds_late: 0, dead_letters: 0 },
  });
});

it('dead letters are counted until they are gone', async () => {
  const client = new SQSClient({ endpoint: running.stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
  const QueueUrl = running.stack.outputs.DeadLetterQueueUrl;
  for (const MessageDeduplicationId of ['one', 'two']) {
    const letter = { QueueUrl, MessageBody: '{}', MessageGroupId: 'a group', MessageDeduplicationId };
    await client.send(new SendMessageCommand(letter));
  }
  expect(await deep()).toMatchObject({
    status: 200,
    report: { status: 'degraded', dead_letters: { status: 'degraded', messages: 2 } },
  });
  await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await deep()).toMatchObject({ report: { status: 'ok', dead_letters: { messages: 0 } } });
});

it('dead letters of webhooks are counted over their three queues', async () => {
  const client = new SQSClient({ endpoint: running.stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
  const { RuleDeadLetterQueueUrl, DispatchDeadLetterQueueUrl, DeliverDeadLetterQueueUrl } = running.stack.outputs;
  const urls = [RuleDeadLetterQueueUrl, DispatchDeadLetterQueueUrl, DeliverDeadLetterQueueUrl];
  for (const QueueUrl of urls) await client.send(new SendMessageCommand({ QueueUrl, MessageBody: '{}' }));
  expect(await deep()).toMatchObject({
    status: 200,
    report: { status: 'degraded', dead_letters: { messages: 0 }, webhooks: { status: 'degraded', dead_letters: 3 } },
  });
  for (const QueueUrl of urls) await client.send(new PurgeQueueCommand({ QueueUrl }));
  expect(await deep()).toMatchObject({ report: { status: 'ok', webhooks: { dead_letters: 0 } } });
});

it('credentials that AnyCheck refuses make it fail, without a call to AnyCheck', async () => {
  await running.restart({ anycheckCredentials: { apiKey: 'expired' } });
  await eventually(deep, ({ report }) => report.status === 'ok');
  expect((await running.list(`result_id=${randomUUID()}`)).status).toBe(503);
  const calls = () => running.sandbox.controls.calls().calls.length;
  const before = calls();
  const { status, retryAfter, report } = await deep();
  expect({ status, retryAfter }).toEqual({ status: 503, retryAfter: '60' });
  expect(report).toMatchObject({
    error_code: 'INTERNAL_SERVER_ERROR',
    message: 'Failing: anycheck.',
    anycheck: { status: 'failing', credentials_refused: true },
    table: { status: 'ok' },
  });
  expect(calls()).toBe(before);
  await running.restart();
  await running.forgive();
  await eventually(deep, isOk);
});

it('an event bus that fails is reported, until it accepts the next event', async () => {
  const publish = async () => {
    const id = randomUUID();
    running.sandbox.controls.setGroup(id, '{"overall_status":"COMPLETED","items":[{"id":"a","status":"COMPLETED"}]}');
    await eventually(
      async () => (await running.list(`result_id=${id}`)).status,
      (status) => status === 200,
    );
  };
  // Nothing listens at this port.
  const before = (services: ServiceEndpoints) => Object.assign({}, services, { eventBridge: 'http://127.0.0.1:1' });
  await running.restart({ before });
  const begun = Date.now();
  await publish();
  const { status, report } = await eventually(deep, (found) => found.report.announcements.bus_failed_at !== null);
  expect({ status, report }).toMatchObject({
    status: 200,
    report: { status: 'degraded', announcements: { status: 'degraded' } },
  });
  expect(Date.parse(report.announcements.bus_failed_at ?? '')).toBeGreaterThanOrEqual(begun);
  expect(JSON.stringify(report)).not.toContain(running.stack.outputs.EventBusName);
  await running.restart();
  await publish();
  await eventually(deep, isOk);
});

describe('a table that does not answer', () => {
  it('is reported within seconds, and is over when it does', async () => {
    dynamodb.hang(true);
    const begun = Date.now();
    const response = await health();
    expect(Date.now() - begun).toBeLessThan(4_000);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('5');
    expect(await failureOf(response)).toEqual({
      error_code: 'INTERNAL_SERVER_ERROR',
      message: 'The service cannot read its table.',
    });
    expect(await deep()).toMatchObject({ status: 503, report: { message: 'Failing: table.' } });
    dynamodb.hang(false);
    expect((await health()).status).toBe(200);
    await eventually(deep, isOk);
  });
});

// The last: nothing is left of the table.
describe('a table that is gone', () => {
  it('fails both, and the report knows what is not in the table', async () => {
    const { dynamodbEndpoint: endpoint, outputs } = running.stack;
    const client = new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
    await client.send(new DeleteTableCommand({ TableName: outputs.TableName }));
    const response = await eventually(health, ({ status }) => status !== 200);
    expect(response.status).toBe(503);
    const { status, report } = await deep();
    expect(status).toBe(503);
    expect(report).toMatchObject({
      status: 'failing',
      table: { status: 'failing' },
      anycheck: { status: 'unknown', circuit: null },
      oldest_due: { status: 'unknown', seconds_late: null },
      announcements: { status: 'unknown', seconds_late: null, bus_failed_at: null },
      dead_letters: { status: 'ok', messages: 0 },
      webhooks: { status: 'unknown', seconds_late: null, dead_letters: null },
      last_sweep: { status: 'unknown', ended_at: null },
    });
  });
});
