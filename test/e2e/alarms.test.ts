import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { groupKey, SCHEDULE } from '../../functions/adapters/rows.ts';
import { readAssembly } from '../../lib/local/assembly.ts';
import { CREDENTIALS, REGION } from '../../lib/local/names.ts';
import { openStack } from '../../lib/local/stack.ts';
import { cloudWatch } from '../fakes/cloudwatch.ts';
import { eventually, type Running, startRunning } from './running.ts';

/** ms that stand for a minute: the local run sweeps once a second, a deployed one once a minute. */
const MINUTE = 1000;

let running: Running;
let watch: ReturnType<typeof cloudWatch>;
/** When the test began. */
let begun: number;

beforeAll(async () => {
  running = await startRunning();
  await running.stack.ready();
  const { queueEndpoint, url, logFiles } = running.stack;
  const stack = openStack(await readAssembly(inject('assembly')), { gateway: url, queues: queueEndpoint });
  const alarms = stack
    .resources('AWS::CloudWatch::Alarm')
    .filter(({ logicalId }) => !logicalId.includes('DeadLetters'));
  watch = cloudWatch(alarms, Object.values(logFiles), MINUTE);
});
afterAll(() => running?.stop());
beforeEach(() => {
  begun = Date.now();
});

const breached = async () => watch.breached();

async function follow(): Promise<string> {
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

/** Followed groups that should have been looked at ten minutes ago. */
async function late(count: number): Promise<void> {
  const ids: string[] = [];
  // One by one: a busy machine answers several at once too late.
  for (let i = 0; i < count; i++) ids.push(await follow());
  for (const id of ids) {
    await table().send(
      new UpdateCommand({
        TableName: Object.values(running.stack.tableNames)[0],
        Key: { pk: groupKey(id), sk: SCHEDULE },
        UpdateExpression: 'SET due = :due',
        ExpressionAttributeValues: { ':due': Date.now() - 600_000 },
      }),
    );
  }
}

describe('while all is well', () => {
  it('sweeps, looks and what they refreshed are counted, and no alarm is breached', async () => {
    await late(2);
    // A reader's two looks, and a worker's two.
    await eventually(
      async () => watch.sum('Refreshed', begun),
      (refreshed) => refreshed === 4,
    );
    expect(watch.sum('Looks', begun)).toBe(4);
    expect(watch.sum('Due', begun)).toBeGreaterThanOrEqual(2);
    expect(watch.sum('FailedLooks', begun)).toBe(0);
    expect(watch.sum('Sweeps', begun)).toBeGreaterThanOrEqual(1);
    await eventually(breached, (names) => names.length === 0);
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
  it('are told of by the look that they were refused to', async () => {
    expect(await breached()).not.toContain('CredentialsRefused');
    await restart('expired');
    expect((await running.list(`result_id=${randomUUID()}`)).status).toBe(503);
    await eventually(breached, (names) => names.includes('CredentialsRefused'));
    expect(watch.sum('CredentialsRefused', begun)).toBeGreaterThanOrEqual(1);
  });
});

describe('AnyCheck that fails', () => {
  it('leaves groups late and none refreshed, and is told of once the circuit stays open', {
    timeout: 60_000,
  }, async () => {
    await restart();
    await late(4);
    begun = Date.now();
    // Looks that hang for longer than five sweeps take, then an AnyCheck that fails at once.
    const failing = { kind: 'status', status: 500 };
    running.sandbox.controls.addFaults({ ...failing, delay_ms: 6_000, times: 5 }, { ...failing, times: 1_000 });
    const hanging = await eventually(breached, (names) => names.includes('Late'));
    expect(hanging).not.toContain('CircuitOpened');

    const failed = await eventually(
      async () => {
        await running.list(`result_id=${randomUUID()}`);
        return breached();
      },
      (names) => names.includes('CircuitOpened'),
      30_000,
    );
    expect(failed).toContain('NotRefreshed');
    expect(failed).not.toContain('NotSwept');
    expect(watch.sum('CircuitOpened', begun)).toBe(1);
    expect(watch.sum('FailedLooks', begun)).toBeGreaterThan(1);
  });
});
