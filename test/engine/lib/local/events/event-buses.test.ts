import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { lambda } from '../support/assembly.ts';
import { RECORDING, recordedIn, recordTo } from '../support/recording.ts';
import { run, runHere, temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
const file = (name: string) => join(directory.path, `${name}.jsonl`);
let stack: LocalStack;
let client: EventBridgeClient;

const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const bus = (name: string) => ({ Type: 'AWS::Events::EventBus', Properties: { Name: name } });
const rule = (EventPattern: object, targets: readonly object[], properties: object = {}) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: { Ref: 'Bus' },
    State: 'ENABLED',
    EventPattern,
    Targets: targets.map((target, at) => ({ Id: `Target${at}`, ...target })),
    ...properties,
  },
});
const to = (logicalId: string, more: object = {}) => ({ Arn: arnOf(logicalId), ...more });
const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const fifo = queue({ FifoQueue: true, ContentBasedDeduplication: true });
const inGroup = { SqsParameters: { MessageGroupId: 'all' } };
const bundles = {
  reader: `${RECORDING} exports.handler = async (event) => record(event);`,
  slow: `${RECORDING} exports.handler = async (event) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    record(event);
  };`,
  failing: `${RECORDING} exports.handler = async (event) => { record(event); throw new Error('no'); };`,
  sender: `exports.handler = async (entry) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    const response = await fetch(process.env.AWS_ENDPOINT_URL_EVENTBRIDGE, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'AWSEvents.PutEvents', 'Content-Type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ Entries: [entry] }),
    });
    return response.json();
  };`,
};
const reader = () => lambda('reader', recordTo(file('read')));

const clientOf = ({ eventsEndpoint }: LocalStack) =>
  new EventBridgeClient({ endpoint: eventsEndpoint, region: REGION, credentials: CREDENTIALS, maxAttempts: 1 });

beforeAll(async () => {
  stack = await run(
    {
      resources: {
        Bus: bus('main'),
        OtherBus: bus('other'),
        Policy: { Type: 'AWS::Events::EventBusPolicy', Properties: { StatementId: 'all' } },
        Archive: { Type: 'AWS::Events::Archive', Properties: { SourceArn: arnOf('Bus'), RetentionDays: 7 } },
        BothNamed: rule({ source: ['shop'], 'detail-type': ['paid', 'sent'] }, [to('Queue')]),
        // As the CDK writes a rule with all that it can say about a target.
        OneSource: rule({ source: ['shop'] }, [
          to('Fifo', inGroup),
          to('Reader', { DeadLetterConfig: { Arn: arnOf('Dead') }, RetryPolicy: { MaximumRetryAttempts: 2 } }),
        ]),
        OneType: rule({ 'detail-type': ['broken'] }, [to('Failing')]),
        Off: rule({ source: ['shop'] }, [to('Silent')], { State: 'DISABLED' }),
        Elsewhere: rule({ source: ['shop', 'store'] }, [to('OtherQueue')], { EventBusName: arnOf('OtherBus') }),
        Queue: queue(),
        Fifo: fifo,
        Silent: queue(),
        OtherQueue: queue(),
        Dead: queue(),
        Reader: reader(),
        Failing: lambda('failing', { ...recordTo(file('failed')), DeadLetterConfig: { TargetArn: arnOf('Dead') } }),
      },
      outputs: { Name: { Ref: 'Bus' }, NameToo: { 'Fn::GetAtt': ['Bus', 'Name'] }, Arn: arnOf('Bus') },
      bundles,
    },
    directory.path,
  );
  await stack.ready();
  client = clientOf(stack);
});
afterAll(async () => {
  client.destroy();
  await stack.close();
  directory.remove();
});

const entry = (more: PutEventsRequestEntry = {}): PutEventsRequestEntry => ({
  EventBusName: 'main',
  Source: 'shop',
  DetailType: 'paid',
  Detail: '{"order":1}',
  ...more,
});
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

/** Takes all messages of a queue, and waits at most `seconds` for the first one. */
async function received(logicalId: string, seconds = 5): Promise<Message[]> {
  const sqs = new SQSClient({ endpoint: stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
  const QueueUrl = stack.queueUrls[logicalId];
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      WaitTimeSeconds: seconds,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  sqs.destroy();
  return Messages;
}
const bodies = async (logicalId: string, seconds?: number) =>
  (await received(logicalId, seconds)).map(({ Body }) => JSON.parse(Body ?? ''));

it('a bus has its name and its ARN', () => {
  expect(stack.outputs).toEqual({
    Name: 'main',
    NameToo: 'main',
    Arn: 'arn:aws:events:ap-southeast-3:000000000000:event-bus/main',
  });
});

describe('PutEvents', () => {
  it('returns an id for each accepted entry, and the code and the reason of each other one', async () => {
    const { Entries = [], FailedEntryCount } = await put(
      entry(),
      entry({ Source: undefined }),
      entry({ DetailType: '' }),
      entry({ Detail: undefined }),
      entry({ Detail: '{"order":' }),
      entry({ Detail: '[1]' }),
      entry({ Source: 'aws.s3' }),
      entry(),
    );
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode, ErrorMessage }) => ErrorCode && [ErrorCode, ErrorMessage])).toEqual([
      undefined,
      ['InvalidArgument', 'Parameter Source is not valid. Reason: Source is a required argument.'],
      ['InvalidArgument', 'Parameter DetailType is not valid. Reason: DetailType is a required argument.'],
      ['InvalidArgument', 'Parameter Detail is not valid. Reason: Detail is a required argument.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['MalformedDetail', 'Detail is malformed.'],
      ['NotAuthorizedForSourceException', 'Not authorized for the source.'],
      undefined,
    ]);
    const ids = Entries.flatMap(({ EventId }) => EventId ?? []);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
    const arrived: unknown[] = [];
    await vi.waitFor(async () => {
      arrived.push(...(await bodies('Queue', 1)).map(({ id }) => id));
      expect(new Set(arrived)).toEqual(new Set(ids));
    }, 5000);
  });

  it('refuses a request with no entry, with over 10 entries and with over 256 KB', async () => {
    await expect(put()).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(put(...Array.from({ length: 11 }, () => entry({ EventBusName: 'none' })))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('less than or equal to 10'),
    });
    const sized = (bytes: number) => entry({ EventBusName: 'none', Detail: `{"a":"${'x'.repeat(bytes - 16)}"}` });
    expect(await put(sized(256 * 1024))).toMatchObject({ FailedEntryCount: 0 });
    const large = {
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    };
    await expect(put(sized(256 * 1024 + 1))).rejects.toMatchObject(large);
    await expect(put(sized(128 * 1024), sized(128 * 1024 + 1))).rejects.toMatchObject(large);
  });

  it('accepts an event for a bus that does not exist, as EventBridge does, and delivers it to no rule', async () => {
    const { Entries, FailedEntryCount } = await put(entry({ EventBusName: 'unknown', DetailType: 'lost' }));
    expect(FailedEntryCount).toBe(0);
    expect(Entries?.[0]?.EventId).toMatch(/^[0-9a-f-]{36}$/);
    await put(entry({ EventBusName: undefined, DetailType: 'lost' }));
    await put(entry({ DetailType: 'not lost' }));
    const types = () => recordedIn(file('read')).map((event) => Object(event)['detail-type']);
    await vi.waitFor(() => expect(types()).toContain('not lost'), 5000);
    expect(types()).not.toContain('lost');
  });
});

describe('a rule', () => {
  it('sends the event in an envelope to each of its targets', async () => {
    await received('Fifo', 0);
    const time = new Date('2026-11-29T08:15:30.987Z');
    const { Entries } = await put(entry({ Time: time, Resources: ['a', 'b'], Detail: '{"of":"envelope"}' }));
    const envelope = {
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'paid',
      source: 'shop',
      account: '000000000000',
      time: '2026-11-29T08:15:30Z',
      region: 'ap-southeast-3',
      resources: ['a', 'b'],
      detail: { of: 'envelope' },
    };
    const inFifo: Message[] = [];
    await vi.waitFor(async () => {
      inFifo.push(...(await received('Fifo', 1)));
      expect(inFifo.map(({ Body }) => JSON.parse(Body ?? ''))).toContainEqual(envelope);
    }, 5000);
    expect(inFifo[0]?.Attributes?.MessageGroupId).toBe('all');
    await vi.waitFor(() => expect(recordedIn(file('read'))).toContainEqual(envelope), 5000);
    expect(await bodies('Queue')).toEqual([envelope]);
  });

  it('matches exact values of source and detail-type on its own bus, and nothing while it is disabled', async () => {
    await received('Queue', 0);
    await put(
      entry({ EventBusName: stack.outputs.Arn, DetailType: 'sent' }),
      entry({ DetailType: 'paid ' }),
      entry({ Source: 'store' }),
      entry({ EventBusName: 'other', Source: 'store', DetailType: 'elsewhere' }),
    );
    expect((await bodies('Queue')).map((event) => event['detail-type'])).toEqual(['sent']);
    expect((await bodies('OtherQueue')).map((event) => event['detail-type'])).toEqual(['elsewhere']);
    expect(await received('Queue', 0)).toEqual([]);
    expect(await received('Silent', 0)).toEqual([]);
  });

  it('invokes a function up to three times, then the event is in the dead-letter queue of the function', async () => {
    await put(entry({ Source: 'other', DetailType: 'broken' }));
    const [dead] = await bodies('Dead', 10);
    expect(dead).toMatchObject({ 'detail-type': 'broken', detail: { order: 1 } });
    expect(recordedIn(file('failed'))).toEqual([dead, dead, dead]);
  });
});

it('an event that a function sends at the end of the run still arrives at a function', async () => {
  const place = temporaryDirectory();
  const read = join(place.path, 'read.jsonl');
  const resources = {
    Bus: bus('main'),
    Rule: rule({ source: ['shop'] }, [to('Slow')]),
    Slow: lambda('slow', recordTo(read)),
    Sender: lambda('sender'),
  };
  const ending = await run({ resources, bundles }, place.path);
  await ending.ready();
  const sending = ending.invoke('Sender', entry());
  await ending.close();
  expect(await sending).toMatchObject({ ok: true, payload: expect.stringContaining('"FailedEntryCount":0') });
  expect(recordedIn(read)).toMatchObject([{ detail: { order: 1 } }]);
  place.remove();
});

describe('the local run refuses, and names,', () => {
  const any = { source: ['shop'] };
  const refused = (Rule: object, more: object = {}) =>
    expect(
      runHere({
        resources: { Bus: bus('main'), Queue: queue(), Fifo: fifo, Reader: reader(), Rule, ...more },
        bundles,
      }),
    ).rejects;
  const unsupported = (property: string) =>
    `Rule (AWS::Events::Rule) has the property ${property}, which the local run`;

  it.each([
    ['a schedule', rule(any, [], { ScheduleExpression: 'rate(1 minute)' }), unsupported('ScheduleExpression')],
    ['another field of an event', rule({ detail: { order: [1] } }, []), unsupported('EventPattern.detail')],
    ['a choice between patterns', rule({ ...any, $or: [any] }, []), unsupported('EventPattern.$or')],
    [
      'a transformed input',
      rule(any, [to('Queue', { InputTransformer: { InputTemplate: 'x' } })]),
      unsupported('Targets.0.InputTransformer'),
    ],
    ['an input', rule(any, [to('Queue', { Input: 'x' })]), unsupported('Targets.0.Input')],
    [
      'a pattern of a value',
      rule({ source: [{ prefix: 'shop' }] }, []),
      'Rule (AWS::Events::Rule) has a EventPattern.source.0 that the local run does not support: only exact values',
    ],
    ['an empty pattern', rule({}, []), 'has a EventPattern that the local run does not support: it is empty.'],
    [
      'a rule of the default bus',
      rule(any, [], { EventBusName: undefined }),
      'has a EventBusName that the local run does not support: only rules of an event bus of the template are supported.',
    ],
    [
      'a rule of an unknown bus',
      rule(any, [], { EventBusName: 'unknown' }),
      'Rule is a rule of the event bus unknown, which is not in the template.',
    ],
    [
      'a target of another kind',
      rule(any, [{ Arn: 'arn:aws:sns:ap-southeast-3:000000000000:topic' }]),
      'Rule has the target arn:aws:sns:ap-southeast-3:000000000000:topic, which is no queue or function',
    ],
    [
      'a FIFO queue without a message group',
      rule(any, [to('Fifo')]),
      'Rule sends to the FIFO queue Fifo, which requires SqsParameters.MessageGroupId of the target.',
    ],
  ])('%s', (_, resource, sentence) => refused(resource).toThrow(sentence));

  it('a FIFO queue that does not deduplicate by content', () =>
    refused(rule(any, [to('Fifo', inGroup)]), { Fifo: queue({ FifoQueue: true }) }).toThrow(
      'Rule sends to the FIFO queue Fifo, which requires ContentBasedDeduplication of the queue.',
    ));
});
