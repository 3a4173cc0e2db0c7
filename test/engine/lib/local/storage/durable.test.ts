import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { lambda, writeAssembly } from '../support/assembly.ts';
import { startProcess } from '../support/process.ts';
import { RECORDING, recordedIn, recordTo } from '../support/recording.ts';
import { run, runHere, scratch } from '../support/running.ts';

const START = fileURLToPath(new URL('../support/start.ts', import.meta.url));

const table = (properties: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: ['pk', 'sk', 'shard'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [{ AttributeName: 'shard', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    ...properties,
  },
});
const fixture = { resources: { Rows: table() }, outputs: { Table: { Ref: 'Rows' } } };
const client = (endpoint: string) => new DynamoDBClient({ endpoint, region: REGION, credentials: CREDENTIALS });
const Item = { pk: { S: 'a' }, sk: { S: 'b' }, shard: { S: '1' }, text: { S: 'kept' } };
const Key = { pk: Item.pk, sk: Item.sk };

describe('a data directory', () => {
  it('serves one run at a time', async () => {
    const directory = scratch();
    const first = await run(fixture, directory);
    await expect(run(fixture, directory)).rejects.toThrow(/data is in use by another run: stop that one/);
    await first.close();
    await (await run(fixture, directory)).close();
  });

  it('that cannot be made is refused', async () => {
    await expect(run(fixture, scratch(), { dataDir: '/dev/null/data' })).rejects.toThrow(
      'DATA_DIR /dev/null/data cannot be used',
    );
  });

  it('keeps rows from one start to the next', async () => {
    const directory = scratch();
    const first = await run(fixture, directory);
    const TableName = first.outputs.Table;
    await client(first.dynamodbEndpoint).send(new PutItemCommand({ TableName, Item }));
    await first.close();
    const second = await run(fixture, directory);
    onTestFinished(() => second.close());
    const found = await client(second.dynamodbEndpoint).send(new GetItemCommand({ TableName, Key }));
    expect(found.Item).toEqual(Item);
  });

  it('of another version of the app, with other keys, is refused', async () => {
    const directory = scratch();
    await (await run(fixture, directory)).close();
    const other = { ...fixture, resources: { Rows: table({ GlobalSecondaryIndexes: [] }) } };
    await expect(run(other, directory)).rejects.toThrow(/fixture-Rows at \S+ has other keys than the template/);
  });
});

describe('another DynamoDB', () => {
  it('gets the tables, and keeps them for the next run', async () => {
    const owner = await runHere({ resources: {} });
    const options = { dynamodbEndpoint: owner.dynamodbEndpoint };
    const first = await run(fixture, scratch(), options);
    await client(owner.dynamodbEndpoint).send(new PutItemCommand({ TableName: first.outputs.Table, Item }));
    await first.close();
    const directory = scratch();
    const second = await run(fixture, directory, options);
    onTestFinished(() => second.close());
    expect(second.dynamodbEndpoint).toBe(owner.dynamodbEndpoint);
    const read = new GetItemCommand({ TableName: second.outputs.Table, Key });
    expect((await client(owner.dynamodbEndpoint).send(read)).Item).toEqual(Item);
    expect(existsSync(join(directory, 'data/dynamodb'))).toBe(false);
  });

  it('that does not answer is named', async () => {
    const closed = 'http://127.0.0.1:9';
    await expect(run(fixture, scratch(), { dynamodbEndpoint: closed })).rejects.toThrow(
      `DynamoDB at ${closed} does not answer`,
    );
  });
});

it('a port in use is one clear sentence, and leaves nothing behind', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const directory = scratch();
  await expect(run(fixture, directory, { port })).rejects.toThrow(`Port ${port} is in use: choose another with PORT.`);
  await (await run(fixture, directory)).close();
});

it('SIGKILL loses no row and no message, and the next start takes up at once what a worker had in hand', async () => {
  const directory = scratch();
  const record = join(directory, 'seen');
  const resources = {
    Rows: table(),
    Work: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true, VisibilityTimeout: 600 } },
    Source: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['Work', 'Arn'] }, FunctionName: { Ref: 'Worker' }, BatchSize: 1 },
    },
    Worker: lambda('worker', { ...recordTo(record), Timeout: 300 }),
  };
  // The first run's worker never comes to an end; the second's does.
  const worker = `${RECORDING} exports.handler = async ({ Records: [{ body, attributes }] }) => {
    record([body, attributes.ApproximateReceiveCount]);
    if (attributes.ApproximateReceiveCount === '1') await new Promise((resolve) => setTimeout(resolve, 200000));
  };`;
  const outputs = { QueueUrl: { Ref: 'Work' }, Table: { Ref: 'Rows' } };
  const assembly = writeAssembly(join(directory, 'assembly'), { resources, outputs, bundles: { worker } });
  const variables = { ASSEMBLY: assembly, DATA_DIR: join(directory, 'data') };

  const killed = startProcess(START, variables);
  await killed.says('ready');
  const { queueUrl } = z.object({ queueUrl: z.string() }).parse(JSON.parse(killed.said().split('\n')[0] ?? ''));
  const sqs = new SQSClient({ endpoint: new URL(queueUrl).origin, region: REGION, credentials: CREDENTIALS });
  const ids = { MessageGroupId: 'g', MessageDeduplicationId: 'd' };
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'in hand', ...ids }));
  await vi.waitFor(() => expect(recordedIn(record)).toEqual([['in hand', '1']]), { timeout: 5000 });
  killed.child.kill('SIGKILL');
  expect((await killed.ended()).status).toBe('SIGKILL');

  const again = await run({ resources, outputs, bundles: { worker } }, directory);
  onTestFinished(() => again.close());
  await vi.waitFor(
    () =>
      expect(recordedIn(record)).toEqual([
        ['in hand', '1'],
        ['in hand', '2'],
      ]),
    { timeout: 8000 },
  );
});

it('the end gives an invocation under way its moment, and no longer', async () => {
  const directory = scratch();
  const record = join(directory, 'seen');
  const bundle = `${RECORDING} exports.handler = async ({ ms }) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    record(ms);
    return ms;
  };`;
  const resources = { Slow: lambda('slow', { ...recordTo(record), Timeout: 60 }) };
  const stack = await run({ resources, bundles: { slow: bundle } }, directory);
  await stack.invoke('Slow', { ms: 0 });
  const [short, long] = [stack.invoke('Slow', { ms: 700 }), stack.invoke('Slow', { ms: 30_000 })];
  const began = Date.now();
  await Promise.all([stack.close(), stack.close()]);
  expect(Date.now() - began).toBeLessThan(5000);
  expect(await short).toEqual({ ok: true, payload: '700' });
  expect(await long).toMatchObject({ ok: false, reason: 'stopped' });
  expect(recordedIn(record)).toEqual([0, 700]);
});
