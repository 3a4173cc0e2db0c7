import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { EVENT_SOURCE } from '../../../functions/adapters/aws/event-bus.ts';
import { CURRENT, groupKey, SESSION } from '../../../functions/adapters/dynamodb/layout/keys.ts';
import { documentClient } from '../../../functions/adapters/dynamodb/requests/document-client.ts';
import { parseKey } from '../../../functions/domain/api-keys/key-text.ts';
import type { LogEvent } from '../../../functions/runtime/log/log.ts';
import { CREDENTIALS, REGION } from '../../../lib/local/names.ts';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { openStack } from '../../../lib/local/template/stack.ts';
import { type Sandbox, startSandbox } from '../../../lib/sandbox/server.ts';
import { newKey } from '../../fakes/api-keys.ts';
import { keyRowsOf } from '../access/key-rows.ts';
import { eventually, Tokens } from '../stack/calls.ts';
import { type Running, startRunning } from '../stack/running.ts';
import { startReceiver } from '../webhook-endpoints/receiver.ts';
import { webhooksOf } from '../webhook-endpoints/world.ts';
import { coreOf, marks } from './marks.ts';
import { marksIn } from './search.ts';

const ITEM = {
  service: { id: '5b7de2a4-5f0c-4c1b-9a52-2f6ed1b4a6f0', name: 'KTP' },
  output: { nama: marks.name, nik: marks.nik, score: 98.25 },
  ktp_file_url: `https://files.example/${marks.nik}.jpg?X-Amz-Signature=${marks.signature}`,
  webhook_metadata: { webhook_secret: marks.webhookSecret, application: marks.name },
};
const item = (more: object) => JSON.stringify({ id: 'a', status: 'COMPLETED', ...ITEM, ...more });
const group = (...items: string[]) => `{"items":[${items.join()}]}`;

/** Answers of AnyCheck that are no list, each with personal data or a secret in it. */
const BAD_ANSWERS = [
  { kind: 'status', status: 500, error_code: marks.guess, message: marks.name, headers: { 'x-note': marks.nik } },
  { kind: 'status', status: 400, error_code: 'INVALID_REQUEST', message: `${marks.name} ${marks.anycheckKey}` },
  { kind: 'status', status: 429, error_code: marks.guess, message: marks.name, headers: { 'retry-after': marks.nik } },
  { kind: 'status', status: 302, error_code: 'X', headers: { location: `https://x.example/?t=${marks.signature}` } },
  ...['truncate', 'not_an_object', 'missing_id', 'wrong_total', 'cut_off', 'wrong_types'].map((kind) => ({ kind })),
];
/** Malformed groups, with personal data in the malformed part. */
const BAD_GROUPS = [
  `{"total":${JSON.stringify(marks.name)},"items":[${item({})}]}`,
  `{"overall_status":{"of":${JSON.stringify(marks.name)}},"items":[${item({})}]}`,
  group(JSON.stringify(marks.name)),
  group(JSON.stringify({ ...ITEM, id: { of: marks.name } })),
  group(item({ id: marks.nik }), item({ id: marks.nik })),
  group(item({ status: { of: marks.name } })),
];

let anycheck: Sandbox;
let running: Running;
/** Tokens that came to be in this run. */
const tokens: string[] = [];
const errors: string[] = [];
const statuses = new Set<number>();
const letters: string[] = [];
let logs: Record<string, string> = {};
const bus = webhooksOf(() => running);
/** What a webhook endpoint got. */
const received: string[] = [];

const client = () =>
  documentClient(3, 5_000, { endpoint: running.stack.dynamodbEndpoint, region: REGION, credentials: CREDENTIALS });
const sqs = () => new SQSClient({ endpoint: running.stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });

/** A call with a good token, unless it says otherwise; what is no success is kept. */
async function call(method: string, path: string, body?: unknown, headers = {}): Promise<Response> {
  const response = await running.call(path, {
    method,
    headers: { authorization: `Bearer ${tokens[0]}`, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  statuses.add(response.status);
  if (response.status >= 400) {
    errors.push(`${JSON.stringify([...response.headers])} ${await response.clone().text()}`);
  }
  return response;
}
const read = (id: string, more = '', headers = {}) =>
  call('GET', `/verifications?result_id=${id}${more}`, undefined, headers);

async function logIn(email: string, password: string): Promise<Response> {
  const response = await call('POST', '/auth/login', { email, password }, { authorization: '' });
  const { access_token, refresh_token } = Tokens.partial().parse(response.ok ? await response.json() : {});
  tokens.push(...[access_token, refresh_token].flatMap((token) => token ?? []));
  return response;
}

async function sessionTokens(): Promise<string[]> {
  const row = z.object({ access_token: z.string(), refresh_token: z.string() });
  const { Item } = await client().send(
    new GetCommand({ TableName: running.stack.outputs.TableName, Key: { pk: SESSION, sk: 'head#session' } }),
  );
  return Object.values(row.parse(Item));
}

/** One group through all that can be done with it. */
async function everyRoute(): Promise<void> {
  const id = randomUUID();
  anycheck.controls.setGroup(id, group(item({ status: 'IN_QUEUE' })));
  await read(id);
  anycheck.controls.setGroup(id, group(item({ status: marks.status }), item({ id: 'b' })));
  await read(id, '', { 'cache-control': 'no-cache' });
  const ofGroup = ['', '/history', '/statuses?version=1', '/diff?from=1&to=2'].map((path) => `/groups/${id}${path}`);
  for (const path of [
    ...ofGroup,
    '/groups',
    '/docs',
    '/health',
    '/openapi.json',
    '/whoami',
    '/console?code=a-code&state=a',
  ])
    await call('GET', path);
  await read(id, '&snapshot_version=1');
  await call('POST', `/groups/${id}/refresh`);
  await call('POST', '/groups', { result_ids: [randomUUID(), id] });
  await running.deliver({ result_id: id, name: marks.name, ...ITEM });
  await call('POST', `/groups/${id}/redact`);
  await read(id);
  await call('DELETE', `/groups/${id}`);
  await read(id);
}

/** What callers with API keys do, right and wrong. */
async function apiKeys(): Promise<void> {
  const rows = keyRowsOf(() => running.stack);
  const withKey = (text: string, path: string) =>
    call('GET', `/key${path}`, undefined, { authorization: '', 'x-api-key': text });
  const [good, expired] = [await rows.add(), await rows.add({ expiresAt: 1 })];
  const unknown = newKey();
  for (const { text } of [good, expired, unknown]) {
    tokens.push(...text.split('_').slice(2, 3));
    for (const path of [`/verifications?result_id=${randomUUID()}`, '/groups', `/groups/${randomUUID()}/history`]) {
      await withKey(text, path);
      await withKey(`${text}0`, path);
    }
  }
  await withKey(marks.anycheckKey, '/groups');
  await withKey(marks.guess, '/nothing');
}

/** What callers do wrong, with things in it that they should have kept to themselves. */
async function badCalls(): Promise<void> {
  await logIn(marks.email, marks.wrongPassword);
  await logIn(marks.guess, marks.password);
  await call('POST', '/auth/login', `{"email":"${marks.email}","password":"${marks.wrongPassword}`);
  await call('POST', '/auth/login', { email: [marks.email], password: { of: marks.wrongPassword } });
  await call('POST', '/auth/refresh', { refresh_token: marks.guess });
  await call('POST', '/auth/refresh', { refresh_token: tokens[0] });
  const guess = encodeURIComponent(`${marks.guess}/${marks.name}`);
  await read(guess);
  await read(randomUUID(), `&snapshot_version=${guess}&as_of=${guess}&page_size=${guess}`);
  for (const path of [`/groups?cursor=${guess}&phase=${guess}`, `/groups/${guess}`, `/${guess}?${guess}=1`])
    await call('GET', path);
  await call('POST', '/groups', { result_ids: [marks.guess, marks.name] });
  await call('POST', '/groups', { [marks.guess]: marks.name });
  await call('GET', '/groups', undefined, { authorization: `Bearer ${tokens[0]}x`, 'x-note': marks.guess });
  await call('POST', `/webhooks/anycheck/${marks.guess}`, { name: marks.name });
  for (const body of [`{"name":"${marks.guess}`, { name: marks.name }, [marks.nik]]) await running.deliver(body);
}

async function badAnswers(): Promise<void> {
  for (const fault of BAD_ANSWERS) {
    const id = randomUUID();
    anycheck.controls.setGroup(id, group(item({})));
    anycheck.controls.addFaults({ ...fault, result_id: id });
    await read(id);
    await running.forgive();
  }
  for (const source of BAD_GROUPS) {
    const id = randomUUID();
    anycheck.controls.setGroup(id, source);
    await read(id);
    await running.forgive();
  }
}

const Secret = z.object({ secret: z.string() });
const WithId = z.object({ id: z.string() });
const ApiKey = z.object({ key: z.string() });

/** Webhook endpoints of every fate, and messages of the bus that no worker sent. */
async function webhooks(): Promise<void> {
  running.stack.putSecret('webhook-keyring', JSON.stringify({ key: marks.keyring, previous_keys: [] }));
  bus.listen();
  const receiver = await startReceiver(`/hook?key=${marks.urlQuery}`);
  const endpoint = { url: receiver.url, description: marks.description };
  const created = await (await call('POST', '/webhook-endpoints', endpoint)).json();
  const { id } = WithId.parse(created);
  const rotated = await (await call('POST', `/webhook-endpoints/${id}/rotate-secret`)).json();
  tokens.push(...[created, rotated].map((one) => Secret.parse(one).secret.slice('whsec_'.length)));
  for (const path of ['', `/${id}`, `/${id}/deliveries`]) await call('GET', `/webhook-endpoints${path}`);
  await call('POST', `/webhook-endpoints/${id}/test`);
  for (const url of [`https://${marks.guess}@a.example/`, `https://10.0.0.1/?key=${marks.urlQuery}`, marks.name]) {
    await call('POST', '/webhook-endpoints', { ...endpoint, url });
    await call('PATCH', `/webhook-endpoints/${id}`, { url });
  }
  await call('POST', `/webhook-endpoints/${id}/${marks.guess}`, { [marks.guess]: marks.description });
  const sendForged = new PutEventsCommand({
    Entries: [marks.guess, marks.name, marks.nik].map((text) => ({
      EventBusName: running.stack.outputs.EventBusName,
      Source: EVENT_SOURCE,
      DetailType: 'group.updated',
      Detail: JSON.stringify({ id: text, data: { result_id: randomUUID(), forged: text } }),
    })),
  });
  await new EventBridgeClient({
    endpoint: running.stack.eventsEndpoint,
    region: REGION,
    credentials: CREDENTIALS,
  }).send(sendForged);
  // No log line and no error may hold what a receiver answers.
  const answers = [
    [302, { location: `https://x.example/?t=${marks.signature}` }],
    [500, { 'x-note': marks.nik, 'retry-after': marks.name.replaceAll(/[^ -~]/g, '') }],
    [204, {}],
    [410, {}],
  ] as const;
  for (const [status, headers] of answers) {
    Object.assign(receiver, { status, headers });
    const group = randomUUID();
    anycheck.controls.setGroup(group, `{"items":[${item({ id: marks.name, status: 'IN_QUEUE' })}]}`);
    await read(group);
    await bus.received(receiver, group);
    received.push(...receiver.about(group).map(({ body }) => body));
  }
  await eventually(
    async () => bus.bus.map((event) => event['detail-type']),
    (types) => types.includes('webhook_endpoint.disabled'),
  );
  await call('DELETE', `/webhook-endpoints/${id}`);
  await receiver.close();
}

/** An API key through all that an admin can do with it, under a name that says too much. */
async function managedKeys(): Promise<void> {
  const created = await (await call('POST', '/api-keys', { name: marks.description, role: 'viewer' })).json();
  const { id } = WithId.parse(created);
  const rotated = await (await call('POST', `/api-keys/${id}/rotate`, {})).json();
  tokens.push(...[created, rotated].map((one) => parseKey(ApiKey.parse(one).key)?.secret ?? ''));
  await call('GET', '/api-keys');
  await call('POST', '/api-keys', { name: marks.name, role: marks.guess, [marks.guess]: marks.name });
  await call('DELETE', `/api-keys/${tokens.at(-1)}`);
  await call('DELETE', `/api-keys/${id}`);
}

/** What rows are spoiled with; a parser's message quotes what is as short as the second. */
const SPOILT: Readonly<Record<string, unknown>> = {
  ':unpacked': Buffer.from(JSON.stringify(ITEM)),
  ':packed': zstdCompressSync(`x${marks.nik}`),
  ':name': marks.name,
};
const valuesIn = (expression: string) =>
  Object.fromEntries(Object.entries(SPOILT).filter(([name]) => expression.includes(name)));

/** Stores an unreadable row. It kills every worker that reads it, until its message is in the dead-letter queue. */
async function poison(): Promise<void> {
  const { TableName = '', RefreshQueueUrl = '', DeadLetterQueueUrl = '' } = running.stack.outputs;
  const id = randomUUID();
  anycheck.controls.setGroup(id, group(item({})));
  await read(id);
  await sqs().send(
    new SetQueueAttributesCommand({ QueueUrl: RefreshQueueUrl, Attributes: { VisibilityTimeout: '1' } }),
  );
  await call('POST', `/groups/${id}/refresh`);
  for (const UpdateExpression of ['SET #items = :unpacked', 'REMOVE #items SET pages = :packed', 'SET phase = :name']) {
    await client().send(
      new UpdateCommand({
        TableName,
        Key: { pk: groupKey(id), sk: CURRENT },
        UpdateExpression,
        ...(UpdateExpression.includes('#items') && { ExpressionAttributeNames: { '#items': 'items' } }),
        ExpressionAttributeValues: valuesIn(UpdateExpression),
      }),
    );
    await read(id);
    await call('GET', `/groups/${id}/diff?from=1&to=1`);
    await call('POST', `/groups/${id}/refresh`);
    // Until the message is visible again: each delivery finds another row.
    await sleep(1_100);
  }
  await call('POST', `/groups/${id}/refresh`);
  await eventually(
    async () => {
      const { Messages = [] } = await sqs().send(
        new ReceiveMessageCommand({
          QueueUrl: DeadLetterQueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      letters.push(...Messages.map((message) => JSON.stringify(message)));
      return letters.length;
    },
    (count) => count > 0,
    60_000,
  );
}

beforeAll(async () => {
  const { anycheckKey: apiKey, anycheckEmail: email, anycheckPassword: password } = marks;
  anycheck = await startSandbox({ credentials: { apiKey, email, password } });
  anycheck.controls.setLimits({ limit: null });
  running = await startRunning({
    anycheckBaseUrl: anycheck.url,
    anycheckCredentials: { email, password },
    webhookToken: marks.webhookToken,
  });
  running.stack.addUser({ email: marks.email, password: marks.password, groups: ['admin'] });
  await logIn(marks.email, marks.password);
  await everyRoute();
  tokens.push(...(await sessionTokens()));
  anycheck.controls.endSession();
  await everyRoute();
  tokens.push(...(await sessionTokens()));
  await call('POST', '/auth/refresh', { refresh_token: tokens[1] });
  await running.restart({ anycheckCredentials: { apiKey: marks.guess } });
  await read(randomUUID());
  await running.restart({ anycheckCredentials: { apiKey } });
  await running.forgive();
  running.stack.addUser({ email: marks.email, password: marks.password, groups: ['admin'] });
  await everyRoute();
  await badCalls();
  await apiKeys();
  await badAnswers();
  await webhooks();
  await managedKeys();
  await poison();
  await running.stack.close();
  const { logDirectory } = running.stack;
  logs = Object.fromEntries(
    readdirSync(logDirectory).map((name) => [name, readFileSync(join(logDirectory, name), 'utf8')]),
  );
}, 240_000);
afterAll(async () => {
  await running?.stop();
  await anycheck?.close();
});

/** What is searched for: what can't be changed by escaping of each mark, and of each token what makes it good. */
const secrets = () => [...Object.values(marks).map(coreOf), ...tokens.map((token) => token.split('.').at(-1) ?? token)];
const found = (text: string) => marksIn(text, secrets());

describe('after a run with confidential values', () => {
  it('they were all there to be found', async () => {
    expect(secrets().filter((secret) => secret.length < 12)).toEqual([]);
    expect(tokens.length).toBeGreaterThanOrEqual(6);
    expect([...statuses].toSorted()).toEqual(expect.arrayContaining([200, 202, 204, 400, 401, 404, 500, 503]));
    const events: LogEvent[] = ['request.failed', 'refresh.done', 'refresh.failed', 'refresh.crashed', 'sweep.done'];
    events.push('key.created', 'key.rotated', 'key.revoked');
    events.push(
      'sweep.deliveries_queued',
      'anycheck.rate_limited',
      'anycheck.credentials_refused',
      'webhook.without_group',
    );
    events.push(
      'key.refused',
      'dispatch.done',
      'dispatch.dropped',
      'delivery.done',
      'delivery.failed',
      'endpoint.disabled',
    );
    for (const event of events) expect(Object.values(logs).join('')).toContain(`"event":"${event}"`);
    expect(Object.keys(logs)).toContain('Audit-Lines.log');
    expect(Object.values(logs).join('')).toContain('"CloudWatchMetrics"');
    expect(letters.length).toBeGreaterThan(0);
    expect(received.length).toBeGreaterThanOrEqual(4);
    expect(errors.length).toBeGreaterThan(20);
  });

  it('no log has one: no line, metric or audit line', () => {
    expect(Object.entries(logs).map(([name, text]) => [name, found(text)])).toEqual(
      Object.keys(logs).map((name) => [name, []]),
    );
  });

  it('one that is planted in any line is found', () => {
    for (const [name, text] of Object.entries(logs)) {
      const lines = text.split('\n');
      const at = Math.floor(lines.length / 2);
      const planted = Buffer.from(JSON.stringify({ x: marks.nik })).toString('base64');
      expect([name, found(lines.toSpliced(at, 0, `{"event":"x","stack":"${planted}"}`).join('\n'))]).toEqual([
        name,
        [marks.nik],
      ]);
    }
  });

  it('no dead letter has one', () => {
    expect(letters.flatMap(found)).toEqual([]);
  });

  it('no event of the service has one, on the bus or at a webhook endpoint', () => {
    // Those that the test forged say so.
    const own = bus.bus.map((event) => JSON.stringify(event)).filter((text) => !text.includes('"forged"'));
    expect(own.length).toBeGreaterThan(6);
    expect([...own, ...received].flatMap(found)).toEqual([]);
  });

  it('no error has one, in body or headers', () => {
    expect(errors.flatMap(found)).toEqual([]);
  });

  it('no template has one, nor the environment of a function', async () => {
    const assembly = inject('assembly');
    const files = readdirSync(assembly).filter((name) => name.endsWith('.json'));
    expect(files.length).toBeGreaterThan(1);
    expect(files.flatMap((name) => found(readFileSync(join(assembly, name), 'utf8')))).toEqual([]);
    const stack = openStack(await readAssembly(assembly), { gateway: running.stack.url, queues: 'http://queues' });
    const Environment = z.object({
      Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
    });
    const environments = stack
      .resources('AWS::Lambda::Function')
      .map((one) => JSON.stringify(one.properties(Environment)));
    expect(environments.length).toBe(Object.keys(running.stack.logFiles).length);
    expect(environments.join()).toContain(basename(running.stack.outputs.RefreshQueueUrl ?? ''));
    expect(environments.flatMap(found)).toEqual([]);
  });
});
