import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { lambda } from '../support/assembly.ts';
import { RECORDING, recordedIn, recordTo } from '../support/recording.ts';
import { run, runHere, temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
const file = (name: string) => join(directory.path, `${name}.jsonl`);
let stack: LocalStack;

const logGroup = { Type: 'AWS::Logs::LogGroup', Properties: {} };
const writer = () => lambda('writer', { LoggingConfig: { LogGroup: { Ref: 'Group' } } });
const filter = (destination: string, properties: object = {}) => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  Properties: {
    LogGroupName: { Ref: 'Group' },
    DestinationArn: { 'Fn::GetAtt': [destination, 'Arn'] },
    FilterPattern: '{ $.mark = "*" }',
    FilterName: 'marked',
    ...properties,
  },
});
const bundles = {
  writer: `exports.handler = async ({ lines, wait = 0 }) => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    for (const line of lines) process.stdout.write(line + '\\n');
  };`,
  reader: `${RECORDING} exports.handler = async (event) => record(event);`,
  slow: `${RECORDING}
    exports.handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      record(event);
    };`,
  failing: `${RECORDING} exports.handler = async (event) => { record(event); throw new Error('no'); };`,
};

beforeAll(async () => {
  stack = await run(
    {
      resources: {
        Group: logGroup,
        Writer: writer(),
        Filter: filter('Reader'),
        Reader: lambda('reader', recordTo(file('read'))),
        OtherGroup: logGroup,
        OtherWriter: lambda('writer', { LoggingConfig: { LogGroup: { Ref: 'OtherGroup' } } }),
        OtherFilter: filter('Failing', { LogGroupName: { Ref: 'OtherGroup' } }),
        Failing: lambda('failing', {
          ...recordTo(file('failed')),
          DeadLetterConfig: { TargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
        }),
        Dead: { Type: 'AWS::SQS::Queue' },
      },
      bundles,
    },
    directory.path,
  );
  await stack.ready();
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

const Event = z.object({ awslogs: z.object({ data: z.string() }) });
const Delivery = z.looseObject({
  logEvents: z.array(z.strictObject({ id: z.string(), timestamp: z.number(), message: z.string() })),
});
const unpacked = (event: unknown) => {
  const { data } = Event.parse(event).awslogs;
  return Delivery.parse(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
};
const deliveriesIn = (name: string) => recordedIn(file(name)).map(unpacked);
const messagesIn = (name: string) =>
  deliveriesIn(name).flatMap(({ logEvents }) => logEvents.map(({ message }) => message));
const marked = (value: string, more: object = {}) => JSON.stringify({ mark: value, ...more });

describe('a subscription filter', () => {
  it('hands the lines that it picks, and no others, to its function, in order and in the form of CloudWatch Logs', async () => {
    const before = Date.now();
    const others = ['text', '{"other":"mark"}', '{"mark":{}}', '{"mark":null}', '{"mark":', '[{"mark":"a"}]'];
    const lines = [marked('a'), ...others, marked('b', { é: '😀' }), marked('c')];
    await stack.invoke('Writer', { lines });
    const picked = [marked('a'), marked('b', { é: '😀' }), marked('c')];
    await vi.waitFor(() => expect(messagesIn('read')).toEqual(picked), { timeout: 5000 });
    const [delivery] = deliveriesIn('read');
    expect(delivery).toMatchObject({
      messageType: 'DATA_MESSAGE',
      owner: '000000000000',
      logGroup: 'fixture-Group',
      logStream: 'local',
      subscriptionFilters: ['marked'],
    });
    const events = deliveriesIn('read').flatMap(({ logEvents }) => logEvents);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
    for (const { id, timestamp } of events) {
      expect(id).toMatch(/^\d{56}$/);
      expect(timestamp).toBeGreaterThanOrEqual(before);
      expect(timestamp).toBeLessThanOrEqual(Date.now());
    }
  });

  it('gathers what is written within a moment', async () => {
    const before = deliveriesIn('read').length;
    await Promise.all(Array.from({ length: 20 }, (_, at) => stack.invoke('Writer', { lines: [marked(`many ${at}`)] })));
    const many = () => messagesIn('read').filter((message) => message.includes('many'));
    await vi.waitFor(() => expect(many()).toHaveLength(20), { timeout: 5000 });
    expect(deliveriesIn('read').length - before).toBeLessThan(10);
  });

  it('has a delivery that fails tried three times, then set aside as it is', async () => {
    await stack.invoke('OtherWriter', { lines: [marked('lost')] });
    const sqs = new SQSClient({ endpoint: stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: stack.queueUrls.Dead, WaitTimeSeconds: 10 }),
    );
    const tried = recordedIn(file('failed'));
    expect(tried).toHaveLength(3);
    for (const event of [...tried, JSON.parse(Messages?.[0]?.Body ?? '')]) {
      expect(unpacked(event).logEvents.map(({ message }) => message)).toEqual([marked('lost')]);
    }
  });

  it('of another form, or on what no function writes to, is refused', async () => {
    const resources = { Group: logGroup, Writer: writer(), Reader: lambda('reader') };
    const started = (Filter: object) => runHere({ resources: { ...resources, Filter }, bundles });
    for (const FilterPattern of ['ERROR', '', '{ $.mark = "a*" }', '{ $.mark = "*" && $.b = 1 }', '{ $.a.b = "*" }']) {
      await expect(started(filter('Reader', { FilterPattern }))).rejects.toThrow('does not support');
    }
    await expect(started(filter('Reader', { LogGroupName: 'elsewhere' }))).rejects.toThrow('no function');
  });
});

it('what a function wrote is delivered at the end of the run, also what it writes while that waits for it', async () => {
  const place = temporaryDirectory();
  const read = join(place.path, 'read.jsonl');
  const fixture = {
    resources: {
      Group: logGroup,
      Writer: writer(),
      Filter: filter('Reader'),
      Reader: lambda('slow', recordTo(read)),
    },
    bundles,
  };
  const ending = await run(fixture, place.path);
  await ending.ready();
  // Two workers, so that the second invocation below does not wait for the first one.
  await Promise.all([1, 2].map(() => ending.invoke('Writer', { lines: [], wait: 300 })));
  const lines = Array.from({ length: 500 }, (_, at) => marked(`last ${at}`));
  // The end of the run stops its worker at the very moment that it is done.
  const late = Array.from({ length: 50 }, (_, at) => marked(`late ${at}`));
  const under = ending.invoke('Writer', { lines: late, wait: 500 });
  await ending.invoke('Writer', { lines });
  await ending.close();
  expect(await under).toMatchObject({ ok: true });
  const messages = recordedIn(read).flatMap((event) => unpacked(event).logEvents.map(({ message }) => message));
  expect(messages).toEqual([...lines, ...late]);
  expect(readFileSync(ending.logFiles.Writer ?? '', 'utf8').split('mark').length - 1).toBe(550);
  place.remove();
});
