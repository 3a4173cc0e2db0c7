import { createHash, randomUUID } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { groupKey, SCHEDULE } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { ACCOUNT, CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { openStack } from '../../../lib/local/template/stack.ts';
import { SANDBOX_CREDENTIALS } from '../../../lib/sandbox/server.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';
import { keyRowsOf } from '../access/key-rows.ts';
import { eventually } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { type Guard, startGuard } from './guard.ts';
import { type Policies, policiesOf } from './policies.ts';
import { useWebhooks } from './webhooks.ts';

/** What Lambda does in a function's name, and not the function: no call of it is seen here. */
const BY_LAMBDA = [
  /^(\w+) logs:(CreateLogStream|PutLogEvents) log-group:\1Logs\w+:\*$/,
  /^Refresh sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) RefreshQueue\w+(\.fifo)?$/,
  /^Dispatch sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) DispatchQueue\w+$/,
  /^Deliver sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes) DeliverQueue\w+$/,
  /^AuditForwarder sqs:SendMessage AuditDeadLetters\w+$/,
];
/** A settled group is erased after 3 s here, a read of an active one queues a refresh after 1 s, and two new groups spend a quota. */
const CHANGED = { GROUP_RETENTION_DAYS: String(3 / 86_400), FRESH_ACTIVE_SECONDS: '1', NEW_GROUPS_PER_DAY: '2' };
const Template = z.looseObject({
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.looseObject({}).default({}) })),
});
const WithVariables = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).default({ Variables: {} }),
});
const Cursor = z.object({ next_cursor: z.string() });
const AWS = { region: REGION, credentials: CREDENTIALS };

const directory = temporaryDirectory();
let policies: Policies;
let guard: Guard;
let running: Running;
beforeAll(async () => {
  policies = policiesOf(openStack(await readAssembly(inject('assembly')), { gateway: '', queues: '' }));
  guard = await startGuard(policies);
  const { email, password } = SANDBOX_CREDENTIALS;
  running = await startRunning({
    assembly: await assemblyThatNamesItsCallers(),
    before: guard.before,
    anycheckCredentials: { email, password },
  });
});
afterAll(async () => {
  await running?.stop();
  await guard?.close();
  directory.remove();
});

/** The app's own, but that each function tells the services its logical id, and that what takes days is done in seconds. */
async function assemblyThatNamesItsCallers(): Promise<string> {
  const place = join(directory.path, 'assembly');
  await cp(inject('assembly'), place, { recursive: true });
  const file = join(place, (await readdir(place)).find((name) => name.endsWith('.template.json')) ?? '');
  const template = Template.parse(JSON.parse(await readFile(file, 'utf8')));
  for (const [id, { Type, Properties }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const { Variables: own } = WithVariables.parse(Properties).Environment;
    const changed = Object.entries(CHANGED).filter(([name]) => name in own);
    Properties.Environment = {
      Variables: { ...own, ...Object.fromEntries(changed), ...throughGuard(own), AWS_SDK_UA_APP_ID: id },
    };
  }
  await writeFile(file, JSON.stringify(template));
  return place;
}

/** The SDK takes a queue's URL for SQS's endpoint. */
const throughGuard = (own: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(own)
      .filter(([name]) => name.endsWith('QUEUE_URL'))
      .map(([name, url]) => {
        const queueName = { 'Fn::GetAtt': [z.object({ Ref: z.string() }).parse(url).Ref, 'QueueName'] };
        return [name, { 'Fn::Join': ['/', [guard.urls.sqs, ACCOUNT, queueName]] }];
      }),
  );

const call = (method: string, path: string, body?: unknown) =>
  running.call(path, {
    method,
    headers: { authorization: `Bearer ${running.token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64');
/** A group of several pages at AnyCheck. @param note stands in its first item. */
function hold(status: string, note: string, resultId: string = randomUUID()): string {
  const items = Array.from({ length: 200 }, (_, i) => ({
    id: `item-${i}`,
    status,
    output: { note: i === 0 ? note : '', scan: Array.from({ length: 10 }, (_, k) => hashOf(`${i} ${k}`)).join('') },
  }));
  running.sandbox.controls.setGroup(resultId, JSON.stringify({ overall_status: status, items }));
  return resultId;
}
async function changed(resultId: string, version: number): Promise<void> {
  hold('IN_PROGRESS', `version ${version}`, resultId);
  expect((await call('POST', `/groups/${resultId}/refresh`)).status).toBe(202);
  const is = z.object({ version: z.literal(version) });
  await eventually(
    async () => (await call('GET', `/groups/${resultId}`)).json(),
    (group) => is.safeParse(group).success,
  );
}
async function useApiKeys(): Promise<void> {
  const created = await call('POST', '/api-keys', { name: 'a', role: 'viewer' });
  const { id } = z.object({ id: z.string() }).parse(await created.json());
  expect((await call('GET', '/api-keys')).status).toBe(200);
  expect((await call('POST', `/api-keys/${id}/rotate`, {})).status).toBe(200);
  expect((await call('DELETE', `/api-keys/${id}`)).status).toBe(204);
}

const unused = () =>
  [...policies.granted].filter((one) => !guard.used.has(one) && !BY_LAMBDA.some((done) => done.test(one)));

it('the functions call all that they are allowed to, and nothing else', { timeout: 120_000 }, async () => {
  const [group, other, settled] = [hold('IN_PROGRESS', 'version 1'), hold('IN_PROGRESS', ''), hold('COMPLETED', '')];
  expect((await running.list(`result_id=${group}`)).status).toBe(200);
  expect((await running.list(`result_id=${randomUUID()}`)).status).toBe(404);
  for (let i = 0; i < 2; i++)
    expect((await call('POST', '/groups', { result_ids: [other, settled] })).status).toBe(202);
  expect((await call('POST', '/groups', { result_ids: [randomUUID()] })).status).toBe(429);
  for (const path of ['/health', '/health/deep', '/whoami', '/console', '/groups?failing=true'])
    expect((await call('GET', path)).status).toBe(200);
  await changed(group, 2);
  expect((await running.list(`result_id=${group}&snapshot_version=1&page_size=100`)).status).toBe(200);
  expect((await call('GET', `/groups/${group}/history`)).status).toBe(200);
  expect((await call('GET', `/groups/${group}/statuses?version=1`)).status).toBe(200);
  expect((await call('GET', `/groups/${group}/diff?from=1&to=2`)).status).toBe(200);

  await changed(group, 3);
  const { next_cursor } = Cursor.parse(await (await call('GET', '/groups?limit=1')).json());
  expect((await call('GET', `/groups?limit=1&cursor=${next_cursor}`)).status).toBe(200);

  await new Promise((resolve) => setTimeout(resolve, 1_500));
  expect((await running.list(`result_id=${group}`)).status).toBe(200);
  for (let i = 0; i < 3; i++) expect((await running.deliver({ result_id: other })).status).toBe(202);

  // Each function that checks keys reads the key, and records its use.
  for (const path of [`/verifications?result_id=${group}`, '/groups?limit=1', `/groups/${group}/history`]) {
    const { text } = await keyRowsOf(() => running.stack).add();
    expect((await running.call(`/key${path}`, { headers: { 'x-api-key': text } })).status).toBe(200);
  }

  // As a run leaves it that died after its publish.
  const { stack } = running;
  const client = documentClient(1, 5_000, { ...AWS, endpoint: stack.dynamodbEndpoint });
  const Key = { pk: groupKey(group), sk: SCHEDULE };
  const intent = { UpdateExpression: 'SET publishing = :one', ExpressionAttributeValues: { ':one': 1 } };
  await client.send(new UpdateCommand({ TableName: stack.outputs.TableName, Key, ...intent }));
  running.sandbox.controls.endSession();
  await changed(group, 4);

  // Nothing is new after a webhook, neither to the worker nor to a reader who sends `no-cache`: both queue a recheck.
  await running.deliver({ result_id: group });
  await eventually(
    async () => unused(),
    (left) => !left.includes('Refresh sqs:SendMessage RefreshQueueDelayed'),
  );
  await running.list(`result_id=${group}`, { 'cache-control': 'no-cache' });

  let version = 4;
  await useWebhooks(running, guard, async () => {
    await changed(group, ++version);
    return version;
  });

  await useApiKeys();

  // The worker records that the event bus fails. It tries twice.
  guard.failNext('events:PutEvents', 2);
  await changed(group, version + 1);

  expect((await call('POST', `/groups/${group}/redact`)).status).toBe(202);
  for (const erased of [group, randomUUID()]) expect((await call('DELETE', `/groups/${erased}`)).status).toBe(204);
  // The worker may erase a settled group before a sweep has listed it. Then the sweep needs another one.
  let addedAt = Date.now();
  await eventually(
    async () => {
      const isSweepUnused = unused().some((one) => one.startsWith('Sweep'));
      if (isSweepUnused && Date.now() - addedAt > 2_000) {
        addedAt = Date.now();
        const another = randomUUID();
        running.sandbox.controls.setGroup(
          another,
          '{"overall_status":"COMPLETED","items":[{"id":"1","status":"COMPLETED"}]}',
        );
        await running.list(`result_id=${another}`);
      }
      return unused();
    },
    (left) => left.length === 0,
    // The sweep that erases settled groups comes late on a busy machine.
    60_000,
  );
  expect(guard.denied).toEqual([]);
});

it('no function but the one that manages API keys can make or change one', () => {
  const ofKeys = [...policies.granted].filter((one) => / api-keys$/.test(one));
  const changing = ofKeys.filter((one) => !/ dynamodb:(GetItem|Query) /.test(one)).map((one) => one.split(' ')[0]);
  expect(new Set(changing)).toEqual(new Set(['ApiKeys']));
});

it('a call that no policy allows is refused', async () => {
  const [denied, as] = [
    guard.denied.length,
    { ...AWS, endpoint: guard.urls.dynamodb, userAgentAppId: 'HistoryFunction' },
  ];
  const client = documentClient(1, 5_000, as);
  await expect(client.send(new ScanCommand({ TableName: running.stack.outputs.TableName }))).rejects.toThrow(
    'may not dynamodb:Scan',
  );
  expect(guard.denied.slice(denied)).toEqual([expect.stringContaining('dynamodb:Scan')]);
});

it('no function but those that dispatch, deliver and manage webhooks reaches the rows of endpoints and deliveries', () => {
  const ofTable = [...policies.granted].filter((one) => /dynamodb:\w+ table\/Snapshots/.test(one));
  const reaching = ofTable.filter((one) => / (webhook#|parked#)/.test(one)).map((one) => one.split(' ')[0]);
  expect(new Set(reaching)).toEqual(new Set(['Dispatch', 'Deliver', 'WebhookEndpoints']));
  // The others name the rows that they reach, or query an index that has no attribute of an endpoint but its keys.
  const others = ofTable.filter(
    (one) => !/ ((webhook|parked|group|anycheck|caller|service)#\S*|api-keys|api-key-uses)$/.test(one),
  );
  expect(others.filter((one) => !/ dynamodb:Query table\/\w+\/index\/(due|groups|failing)$/.test(one))).toEqual([]);
});

it('the functions that check API keys can read a key and record its use, and can make none', () => {
  const ofKeys = [...policies.granted].filter((one) => / api-key(s|-uses)$/.test(one));
  const checking = ofKeys.filter((one) => /^(Verifications|Groups|History) /.test(one));
  const granted = checking.map((one) => one.replace(/ table\/\w+ /, ' ')).toSorted();
  expect(granted).toEqual(
    ['Groups', 'History', 'Verifications'].flatMap((name) => [
      `${name} dynamodb:GetItem api-keys`,
      `${name} dynamodb:UpdateItem api-key-uses`,
    ]),
  );
});
