import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { groupKey, SCHEDULE, shardOf, WITHOUT_CALLS } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { endpointKey } from '../../../functions/adapters/dynamodb/webhooks/endpoint-row.ts';
import { dueForUpkeep, stateKey } from '../../../functions/adapters/dynamodb/webhooks/state-row.ts';
import { DAY_MS } from '../../../functions/domain/api-keys/api-key.ts';
import { NAMESPACE } from '../../../functions/runtime/log/log.ts';
import { STUCK_AFTER_MS } from '../../../functions/runtime/log/refresh-log.ts';
import type { ServiceEndpoints } from '../../../lib/local/lambda/environment.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { openStack } from '../../../lib/local/template/stack.ts';
import { cloudWatch, type Emitted, identity } from '../../fakes/cloudwatch.ts';
import { dashboardOf } from '../../fakes/dashboard.ts';
import { keyRowsOf } from '../access/key-rows.ts';
import { eventually, post } from '../stack/calls.ts';
import { USER } from '../stack/options.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { webhooksOf } from '../webhook-endpoints/world.ts';

/** ms that stand for a minute: the local run sweeps once a second, a deployed one once a minute. */
const MINUTE = 1000;

let running: Running;
let watch: ReturnType<typeof cloudWatch>;
let apiId: string;
const webhooks = webhooksOf(() => running);
/** What API Gateway tells of its answers. */
const gateway: Emitted[] = [];
/** When the test began. */
let begun: number;

beforeAll(async () => {
  running = await startRunning();
  await running.stack.ready();
  const { queueEndpoint, url, logFiles } = running.stack;
  const stack = openStack(await readAssembly(inject('assembly')), { gateway: url, queues: queueEndpoint });
  apiId = stack.resources('AWS::ApiGatewayV2::Api')[0]?.ref ?? '';
  // Of dead letters and throttles AWS alone tells: test/engine/lib/monitoring/alarms.test.ts holds those alarms to the names that they have there.
  const alarms = stack
    .resources('AWS::CloudWatch::Alarm')
    .filter(({ logicalId }) => !/DeadLetters|Throttled/.test(logicalId));
  watch = cloudWatch(alarms, Object.values(logFiles), MINUTE, gateway);
});
afterAll(() => running?.stop());
beforeEach(() => {
  begun = Date.now();
});

/** A read, as API Gateway counts it. */
async function read(id: string): Promise<Response> {
  const response = await running.list(`result_id=${id}`);
  const count = (name: string) =>
    gateway.push({ metric: identity('AWS/ApiGateway', name, { ApiId: apiId }), at: Date.now(), values: [1] });
  count('Count');
  if (response.status >= 500) count('5xx');
  return response;
}

const breached = async () => watch.breached();

async function trackGroup(): Promise<string> {
  const id = randomUUID();
  running.sandbox.controls.setGroup(id, '{"overall_status":"NEED_REVIEW","items":[{"id":"a","status":"NEED_REVIEW"}]}');
  await eventually(
    async () => (await running.list(`result_id=${id}`)).status,
    (status) => status === 200,
  );
  return id;
}

const table = () =>
  DynamoDBDocumentClient.from(
    new DynamoDBClient({ endpoint: running.stack.dynamodbEndpoint, region: REGION, credentials: CREDENTIALS }),
  );

async function restart(apiKey = running.sandbox.credentials.apiKey): Promise<void> {
  await running.restart({ anycheckCredentials: { apiKey } });
  await running.stack.ready();
}

/** Has a followed group due since ten minutes ago. @param failed ms since its looks began to fail by themselves. */
const overdue = (id: string, failed?: number) =>
  table().send(
    new UpdateCommand({
      TableName: running.stack.outputs.TableName,
      Key: { pk: groupKey(id), sk: SCHEDULE },
      UpdateExpression:
        'SET due = :due, due_shard = :shard, failures = :failures, failing_since = :since REMOVE refresh_due',
      ExpressionAttributeValues: {
        ':due': Date.now() - 600_000,
        ':shard': shardOf(id),
        ':failures': failed === undefined ? 0 : 5,
        ':since': Date.now() - (failed ?? 0),
      },
    }),
  );

/** Followed groups that should have been looked at ten minutes ago. */
async function late(count: number): Promise<void> {
  const ids: string[] = [];
  // One by one: a busy machine answers several at once too late.
  for (let i = 0; i < count; i++) ids.push(await trackGroup());
  for (const id of ids) await overdue(id);
}

describe('while all is well', () => {
  it('sweeps, refreshes and their results are counted, and no alarm is breached', async () => {
    await late(2);
    // A reader's two looks, and a worker's two.
    await eventually(
      async () => watch.sum('Refreshed', begun),
      (refreshed) => refreshed === 4,
    );
    expect(watch.sum('Refreshes', begun)).toBe(4);
    expect(watch.sum('Due', begun)).toBeGreaterThanOrEqual(2);
    expect(watch.sum('FailedRefreshes', begun)).toBe(0);
    expect(watch.sum('Sweeps', begun)).toBeGreaterThanOrEqual(1);
    await eventually(breached, (names) => names.length === 0);
  });
});

describe('a group that fails by itself', () => {
  it('is reported once it has failed for long, while others are refreshed', async () => {
    const id = await trackGroup();
    running.sandbox.controls.addFaults({ kind: 'missing_id', result_id: id, times: 100 });
    await overdue(id, STUCK_AFTER_MS);
    await late(1);
    const names = await eventually(breached, (found) => found.includes('GroupStuck'));
    expect(names).not.toContain('NotRefreshed');
    running.sandbox.controls.clearFaults();
  });
});

describe('an event that reaches the bus late', () => {
  it('is reported, although the bus accepts it', async () => {
    const id = await trackGroup();
    expect(await breached()).not.toContain('AnnouncementsLate');
    // As a redaction leaves it that the bus refused for ten minutes.
    const now = Date.now();
    await table().send(
      new UpdateCommand({
        TableName: running.stack.outputs.TableName,
        Key: { pk: groupKey(id), sk: SCHEDULE },
        UpdateExpression:
          'SET redacted_at = :at, redaction_unannounced = :version, refresh_due = :none, due = :due, due_shard = :shard',
        ExpressionAttributeValues: {
          ':at': now - 600_000,
          ':version': 1,
          ':none': null,
          ':due': now,
          ':shard': WITHOUT_CALLS,
        },
      }),
    );
    await eventually(breached, (names) => names.includes('AnnouncementsLate'));
  });
});

describe('webhooks that name no group', () => {
  it('are reported, some of them', async () => {
    for (let n = 0; n < 4; n++) expect((await running.deliver({ event: 'test' })).status).toBe(202);
    await eventually(
      async () => watch.sum('UnusableWebhooks', begun),
      (all) => all === 4,
    );
    expect(await breached()).not.toContain('WebhooksUnusable');
    await running.deliver({ event: 'test' });
    await eventually(breached, (names) => names.includes('WebhooksUnusable'));
  });
});

describe('an API key that ends soon', () => {
  it('is reported until it is deleted, although it is valid', async () => {
    const headers = { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' };
    const create = async (body: object) => {
      const response = await running.call('/api-keys', { method: 'POST', headers, body: JSON.stringify(body) });
      return z.object({ id: z.string() }).parse(await response.json()).id;
    };
    await create({ name: 'a', role: 'viewer' });
    expect(await breached()).not.toContain('ApiKeysNearEnd');
    const { id } = (await keyRowsOf(() => running.stack).add({ lifetimeDays: 8, expiresAt: Date.now() + DAY_MS })).key;
    await eventually(breached, (names) => names.includes('ApiKeysNearEnd'));
    await running.call(`/api-keys/${id}`, { method: 'DELETE', headers });
    await eventually(breached, (names) => !names.includes('ApiKeysNearEnd'));
  });
});

/** Changes the state of a webhook endpoint. The sweep queues its upkeep at the due time. */
const setState = (id: string, state: Readonly<Record<string, unknown>>) =>
  table().send(
    new PutCommand({ TableName: running.stack.outputs.TableName, Item: { ...stateKey(id), v: 1, ...state } }),
  );

describe('a webhook endpoint', () => {
  it('that fails for an hour is reported, and so is one that the service disables', async () => {
    const { id, receiver } = await webhooks.endpoint();
    await trackGroup();
    await eventually(
      async () => watch.sum('Deliveries', begun),
      (count) => count === 1,
    );
    expect(await breached()).not.toContain('EndpointFailing');
    const failing = { checked_to: 'dlv_0', failures: 1, failing_since: Date.now() - 3_700_000 };
    await setState(id, { ...failing, ...dueForUpkeep(Date.now()) });
    const names = await eventually(breached, (found) => found.includes('EndpointFailing'));
    expect(names).not.toContain('EndpointDisabled');
    receiver.status = 410;
    await trackGroup();
    await eventually(breached, (found) => found.includes('EndpointDisabled'));
    expect(watch.sum('DisabledEndpoints', begun)).toBe(1);
    expect(watch.sum('FailedDeliveries', begun)).toBe(1);
    expect(watch.sum('Deliveries', begun)).toBe(2);
    await webhooks.clear();
  });

  it('whose signing secrets cannot be read is reported', async () => {
    const { id } = await webhooks.endpoint();
    await table().send(
      new UpdateCommand({
        TableName: running.stack.outputs.TableName,
        Key: endpointKey(id),
        UpdateExpression: 'SET secrets = :none',
        ExpressionAttributeValues: { ':none': [] },
      }),
    );
    await trackGroup();
    await eventually(breached, (found) => found.includes('WebhookSecretsUnreadable'));
    await webhooks.clear();
  });

  it('whose upkeep is late at every sweep is reported', async () => {
    const id = `we_${'x'.repeat(22)}`;
    // No function can read this row, so its upkeep stays due.
    await setState(id, { checked_to: 'dlv_0', failures: 'none', ...dueForUpkeep(Date.now() - 1_200_000) });
    await eventually(breached, (found) => found.includes('DeliveriesLate'));
    await table().send(new DeleteCommand({ TableName: running.stack.outputs.TableName, Key: stateKey(id) }));
    await eventually(breached, (found) => !found.includes('DeliveriesLate'));
  });
});

describe('wrong passwords', () => {
  it('are reported where they are many', { timeout: 60_000 }, async () => {
    const wrong = { ...USER, password: 'wrong' };
    const names = await eventually(
      async () => {
        const answers = await Promise.all(Array.from({ length: 10 }, () => post(running.call, '/auth/login', wrong)));
        for (const { status } of answers) expect(status).toBe(401);
        return breached();
      },
      (found) => found.includes('LoginsRefused'),
      40_000,
    );
    expect(names).not.toContain('CallsFail');
    expect(watch.sum('RefusedLogins', begun)).toBeGreaterThanOrEqual(50);
    expect(watch.sum('Logins', 0)).toBeGreaterThanOrEqual(1);
  });
});

describe('a sweep that cannot reach its queue', () => {
  it('does not count as one, so that nothing was swept', async () => {
    const { queueEndpoint, queueUrls } = running.stack;
    const sqs = new SQSClient({ endpoint: queueEndpoint, region: REGION, credentials: CREDENTIALS });
    for (const QueueUrl of Object.values(queueUrls)) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await late(1);
    expect(await breached()).not.toContain('NotSwept');
    await eventually(breached, (names) => names.includes('NotSwept'));
  });
});

describe('credentials that AnyCheck refuses', () => {
  it('are reported by the refresh that they were refused to', async () => {
    expect(await breached()).not.toContain('CredentialsRefused');
    await restart('expired');
    expect((await running.list(`result_id=${randomUUID()}`)).status).toBe(503);
    await eventually(breached, (names) => names.includes('CredentialsRefused'));
    expect(watch.sum('CredentialsRefused', begun)).toBeGreaterThanOrEqual(1);
  });
});

describe('AnyCheck that fails', () => {
  it('leaves groups late and none refreshed, and is reported once the circuit stays open', {
    timeout: 60_000,
  }, async () => {
    await restart();
    await late(4);
    begun = Date.now();
    // Refreshes that hang for longer than five sweeps take, then an AnyCheck that fails at once.
    const failing = { kind: 'status', status: 500 };
    running.sandbox.controls.addFaults({ ...failing, delay_ms: 6_000, times: 5 }, { ...failing, times: 1_000 });
    const hanging = await eventually(breached, (names) => names.includes('Late'));
    expect(hanging).not.toContain('CircuitOpened');

    const failed = await eventually(
      async () => {
        await read(randomUUID());
        return breached();
      },
      (names) => names.includes('CircuitOpened') && names.includes('CallsFail'),
      30_000,
    );
    expect(failed).toContain('NotRefreshed');
    expect(failed).not.toContain('NotSwept');
    expect(watch.sum('CircuitOpened', begun)).toBe(1);
    expect(watch.sum('FailedRefreshes', begun)).toBeGreaterThan(1);
  });
});

describe('the dashboard', () => {
  it('shows what the functions emit, and nothing that none of them does', { timeout: 60_000 }, async () => {
    const { email, password } = running.sandbox.credentials;
    running.sandbox.controls.clearFaults();
    // Nothing listens at this port: the bus fails. It accepted the events of the tests above.
    const before = (services: ServiceEndpoints) => Object.assign({}, services, { eventBridge: 'http://127.0.0.1:1' });
    await running.restart({ anycheckCredentials: { email, password }, before });
    await running.stack.ready();
    await running.forgive();
    await trackGroup();
    const id = randomUUID();
    running.sandbox.controls.setGroup(id, '{"overall_status":"NOVEL","items":[{"id":"a","status":"NOVEL"}]}');
    await eventually(
      async () => (await running.list(`result_id=${id}`)).status,
      (status) => status === 200,
    );
    // Reads are told of every ten seconds.
    await eventually(
      async () => {
        expect((await running.list(`result_id=${id}`)).status).toBe(200);
        return watch.sum('ReadHits', begun);
      },
      (hits) => hits > 0,
      20_000,
    );
    // Of this group alone: looks at the other go on.
    const refused = { result_id: randomUUID(), headers: { 'retry-after': '1' } };
    running.sandbox.controls.addFaults({ kind: 'status', status: 429, ...refused });
    expect((await running.list(`result_id=${refused.result_id}`)).status).toBe(503);
    expect((await running.call('/key/groups', { headers: { 'x-api-key': 'wrong' } })).status).toBe(401);
    await forwarded('{"audit":"of another form"}');
    await eventually(
      async () => watch.sum('FailedAnnouncements', begun),
      (failed) => failed > 0,
    );

    const { template } = await readAssembly(inject('assembly'));
    const [found] = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::CloudWatch::Dashboard');
    const shown = dashboardOf(found?.Properties).shown.filter(({ namespace }) => namespace === NAMESPACE);
    const emitted = watch.emitted().filter(({ dimensions }) => !('reason' in dimensions));
    const isOf = (fn = '', logicalId = '') => fn.endsWith(`-${logicalId}`);
    for (const { metric } of shown) expect(emitted.map(({ name }) => name)).toContain(metric);
    for (const { name, dimensions } of emitted) {
      const places = shown.filter(
        ({ metric, by }) => metric === name && isOf(dimensions.FunctionName, by.FunctionName),
      );
      if (!SUMS.includes(name)) expect([name, places.length > 0]).toEqual([name, true]);
    }
    const reasons = watch.emitted().flatMap(({ name, dimensions }) => ('reason' in dimensions ? [name] : []));
    expect(new Set(reasons)).toEqual(new Set(['FailedRefreshes']));
  });
});

/** Refreshes of whatever outcome, and sweeps: for alarms alone. */
const SUMS = ['Refreshes', 'Refreshed', 'Sweeps'];

/** Gives the forwarder a line, as CloudWatch Logs does. */
async function forwarded(message: string): Promise<void> {
  const [forwarder = ''] = Object.keys(running.stack.logFiles).filter((name) => name.startsWith('AuditForwarder'));
  const delivery = { messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', timestamp: Date.now(), message }] };
  const data = gzipSync(JSON.stringify(delivery)).toString('base64');
  await running.stack.invoke(forwarder, { awslogs: { data } });
}
