import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import type { LocalStack } from '../../../../../lib/local/main.ts';
import { CREDENTIALS, REGION } from '../../../../../lib/local/names.ts';
import { lambda } from '../support/assembly.ts';
import { RECORDING, recordedIn, recordTo } from '../support/recording.ts';
import { run, temporaryDirectory } from '../support/running.ts';

const directory = temporaryDirectory();
const file = (name: string) => join(directory.path, `${name}.jsonl`);
const SOON = 2;
let stack: LocalStack;
let sqs: SQSClient;

const queue = (properties: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { VisibilityTimeout: SOON, ...properties },
});
const mapping = (source: string, fn: string, properties: object = {}) => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': [source, 'Arn'] },
    FunctionName: { Ref: fn },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...properties,
  },
});

beforeAll(async () => {
  stack = await run(
    {
      resources: {
        Dead: queue({ FifoQueue: true }),
        Work: queue({
          FifoQueue: true,
          DeduplicationScope: 'messageGroup',
          FifoThroughputLimit: 'perMessageGroupId',
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
        }),
        WorkSource: mapping('Work', 'Partial', { BatchSize: 5 }),
        Partial: lambda('partial', recordTo(file('partial'))),
        Whole: queue({ VisibilityTimeout: 1 }),
        WholeSource: mapping('Whole', 'Thrower', { FunctionResponseTypes: [], BatchSize: 10 }),
        Thrower: lambda('thrower', recordTo(file('thrower'))),
        Busy: queue(),
        BusySource: mapping('Busy', 'Slow', { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } }),
        Slow: lambda('slow', recordTo(file('slow'))),
        Odd: queue({ VisibilityTimeout: 1 }),
        OddSource: mapping('Odd', 'Liar'),
        Liar: lambda('liar', recordTo(file('liar'))),
        Unread: queue(),
      },
      bundles: {
        // A body that begins with "bad" fails.
        partial: `${RECORDING}
          exports.handler = async (event) => {
            record(event);
            const bad = event.Records.filter(({ body }) => body.startsWith('bad'));
            return { batchItemFailures: bad.map(({ messageId }) => ({ itemIdentifier: messageId })) };
          };`,
        // Fails a batch the first time that it sees it.
        thrower: `${RECORDING}
          exports.handler = async (event) => {
            record(event);
            if (event.Records[0].attributes.ApproximateReceiveCount === '1') throw new Error('not yet');
          };`,
        slow: `${RECORDING}
          exports.handler = async () => {
            record('begin');
            await new Promise((resolve) => setTimeout(resolve, 300));
            record('end');
          };`,
        // Names a message that it was not given.
        liar: `${RECORDING}
          exports.handler = async (event) => {
            record(event);
            return { batchItemFailures: [{ itemIdentifier: 'someone-else' }] };
          };`,
      },
    },
    directory.path,
  );
  sqs = new SQSClient({ endpoint: stack.queueEndpoint, region: REGION, credentials: CREDENTIALS });
});
afterAll(async () => {
  await stack.close();
  directory.remove();
});

const Batch = z.object({
  Records: z.array(
    z.looseObject({ messageId: z.string(), body: z.string(), attributes: z.record(z.string(), z.string()) }),
  ),
});
const recordsIn = (name: string) => recordedIn(file(name)).flatMap((event) => Batch.parse(event).Records);
const send = (logicalId: string, MessageBody: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: stack.queueUrls[logicalId], MessageBody, ...more }));
async function waitingIn(logicalId: string): Promise<[string, string]> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: stack.queueUrls[logicalId], AttributeNames: ['All'] }),
  );
  return [Attributes.ApproximateNumberOfMessages ?? '', Attributes.ApproximateNumberOfMessagesNotVisible ?? ''];
}
const eventually = (check: () => void | Promise<void>, timeout = 12_000) =>
  vi.waitFor(check, { timeout, interval: 100 });

describe('an event source mapping', () => {
  it('deletes what succeeded, and brings back what failed until its dead letters take it', {
    timeout: 20_000,
  }, async () => {
    const message = (body: string) => ({
      Id: body,
      MessageBody: body,
      MessageGroupId: body,
      MessageDeduplicationId: body,
    });
    await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: stack.queueUrls.Work, Entries: [message('good'), message('bad')] }),
    );
    await eventually(async () => expect(await waitingIn('Dead')).toEqual(['1', '0']));
    expect(await waitingIn('Work')).toEqual(['0', '0']);
    const seen = recordsIn('partial').map(({ body, attributes }) => [body, attributes.ApproximateReceiveCount]);
    expect(seen.toSorted()).toEqual([
      ['bad', '1'],
      ['bad', '2'],
      ['good', '1'],
    ]);
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: stack.queueUrls.Dead }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['bad']);
  });

  it("hands a message on as Lambda's own pollers do", async () => {
    const ids = { MessageGroupId: 'shape', MessageDeduplicationId: 'shape-1' };
    const attribute = { DataType: 'String', StringValue: 'v' };
    const { MessageId } = await send('Work', 'shape', { ...ids, MessageAttributes: { a: attribute } });
    await eventually(() => expect(recordsIn('partial').find(({ messageId }) => messageId === MessageId)).toBeDefined());
    expect(recordsIn('partial').find(({ messageId }) => messageId === MessageId)).toMatchObject({
      receiptHandle: expect.any(String),
      body: 'shape',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SequenceNumber: expect.any(String),
        ...ids,
      },
      messageAttributes: { a: { dataType: 'String', stringValue: 'v', stringListValues: [], binaryListValues: [] } },
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:ap-southeast-3:000000000000:fixture-Work.fifo',
      awsRegion: 'ap-southeast-3',
    });
  });

  it('takes a message once, however often it is sent with the same deduplication id', async () => {
    for (let times = 0; times < 3; times += 1) {
      await send('Work', 'once', { MessageGroupId: 'once', MessageDeduplicationId: 'once' });
    }
    await send('Work', 'after', { MessageGroupId: 'once', MessageDeduplicationId: 'after' });
    await eventually(() => expect(recordsIn('partial').some(({ body }) => body === 'after')).toBe(true));
    expect(recordsIn('partial').filter(({ body }) => body === 'once')).toHaveLength(1);
  });

  it('brings a whole batch back when the invocation fails', async () => {
    await send('Whole', 'again');
    await eventually(async () => expect(await waitingIn('Whole')).toEqual(['0', '0']));
    expect(recordsIn('thrower').map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['1', '2']);
  });

  it('brings a whole batch back when the report names a stranger', async () => {
    await send('Odd', 'odd');
    await eventually(() => expect(recordsIn('liar').length).toBeGreaterThanOrEqual(2));
  });

  it('runs no more invocations at once than its bound', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, at) => send('Busy', String(at))));
    await eventually(() => expect(recordedIn(file('slow')).filter((line) => line === 'end')).toHaveLength(6));
    let running = 0;
    let max = 0;
    for (const line of recordedIn(file('slow'))) {
      running += line === 'begin' ? 1 : -1;
      max = Math.max(max, running);
    }
    expect(max).toBe(2);
  });

  it('that is missing leaves messages where they are', async () => {
    await send('Unread', 'stays');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await waitingIn('Unread')).toEqual(['1', '0']);
  });
});
