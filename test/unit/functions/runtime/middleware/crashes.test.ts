import { inspect } from 'node:util';
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
  it('fails its invocation, so that the queue has it again, and leaves a line; neither quotes content', async () => {
    const fault = new TypeError('BUDI', { cause: new SyntaxError('SITI') });
    const handler = queue(
      () => 'the-request',
      () => Promise.reject(fault),
      'delivery.crashed',
    );
    const error = await handler({ Records: [record('{}')] }, lambdaContext()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: 'TypeError' });
    // As Lambda logs it.
    expect(inspect(error)).toContain('crashes.test.ts');
    expect(inspect(error, { depth: 9 })).not.toMatch(/BUDI|SITI/);
    expect(lines).toMatchObject([{ ...crashed('the-request'), event: 'delivery.crashed', error: 'TypeError' }]);
    expect(JSON.stringify(lines)).not.toContain('BUDI');
  });

  it('leaves a line also where nothing can be read from it', async () => {
    const handler = queue(
      (body) => JSON.parse(body),
      async () => {},
      'refresh.crashed',
    );
    await expect(handler({ Records: [record('{')] }, lambdaContext())).rejects.toMatchObject({ name: 'SyntaxError' });
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
      'refresh.crashed',
    );
    await expect(handler({ Records: ['1', '2', '3'].map(record) }, lambdaContext())).rejects.toThrow();
    expect(handled).toEqual(['1', '2']);
  });
});
