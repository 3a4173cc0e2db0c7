import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { queue } from '../../../../../functions/runtime/queue.ts';
import { lambdaContext } from '../../../../fakes/http-event.ts';
import { printedLines } from '../../../../fakes/printed.ts';

const lines = printedLines();

const record = (body: string): SQSRecord => ({
  messageId: '1',
  receiptHandle: '1',
  body,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
    MessageGroupId: 'the-group',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-southeast-3:123456789012:refresh.fifo',
  awsRegion: 'ap-southeast-3',
});
const crashed = (request: string) => ({
  level: 'error',
  event: 'refresh.crashed',
  request,
  result_id: 'the-group',
  invocation: 'the-invocation',
});

describe('a message whose handler throws', () => {
  it('fails its invocation with that error, so that the queue has it again, and leaves a line', async () => {
    const fault = new TypeError('BUDI');
    const handler = queue(
      () => 'the-request',
      () => Promise.reject(fault),
    );
    await expect(handler({ Records: [record('{}')] }, lambdaContext())).rejects.toBe(fault);
    expect(lines).toMatchObject([{ ...crashed('the-request'), error: 'TypeError' }]);
    expect(JSON.stringify(lines)).not.toContain('BUDI');
  });

  it('leaves a line also where nothing can be read from it', async () => {
    const handler = queue(
      (body) => JSON.parse(body),
      async () => {},
    );
    await expect(handler({ Records: [record('{')] }, lambdaContext())).rejects.toThrow(SyntaxError);
    expect(lines).toMatchObject([crashed('the-invocation')]);
  });

  it('keeps those behind it from being handled', async () => {
    const handled: string[] = [];
    const handler = queue(
      () => undefined,
      async ({ body }) => {
        handled.push(body);
        if (body === '2') throw new Error('2');
      },
    );
    await expect(handler({ Records: ['1', '2', '3'].map(record) }, lambdaContext())).rejects.toThrow('2');
    expect(handled).toEqual(['1', '2']);
  });
});
