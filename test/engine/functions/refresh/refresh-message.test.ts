import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messageOf } from '../../../../functions/adapters/aws/refresh-message.ts';
import type { Due } from '../../../../functions/domain/refresh/queue.ts';
import { refreshMessage } from '../../../../functions/refresh/refresh-message.ts';
import { type Engine, startEmbedded } from '../../../fakes/engine.ts';
import { lambdaContext } from '../../../fakes/http-event.ts';
import { printedLines } from '../../../fakes/printed.ts';
import { type Service, startService } from '../../../fakes/service.ts';

const ID = '3c90c3cc-0d44-4b50-8888-8dd25736052a';
const lines = printedLines();

let engine: Engine;
let service: Service;
beforeAll(async () => {
  engine = await startEmbedded();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  service = await startService(engine);
  await service.track(ID);
  service.clock.now += 1_000;
  service.anycheck.groups.set(ID, { overall: 'IN_QUEUE', items: [] });
});

/** @param group the message group of a FIFO queue's message. */
const record = (due: Due, group?: string): SQSRecord => ({
  messageId: '1',
  receiptHandle: '1',
  body: messageOf(due),
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '0',
    SenderId: 'x',
    ApproximateFirstReceiveTimestamp: '0',
    ...(group !== undefined && { MessageGroupId: group }),
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:ap-southeast-3:123456789012:queue',
  awsRegion: 'ap-southeast-3',
});

describe('a message', () => {
  it('of the delay queue goes on to the FIFO queue, which delivers one message of a group at a time', async () => {
    const due = { resultId: ID, due: service.clock.now };
    await refreshMessage(service.deps)(record(due), lambdaContext());
    expect(service.queued).toMatchObject([due]);
    expect(service.anycheck.calls).toBe(0);
  });

  it('of the FIFO queue refreshes its group', async () => {
    const due = { resultId: ID, due: service.clock.now };
    await refreshMessage(service.deps)(record(due, ID), lambdaContext());
    expect(lines).toMatchObject([{ event: 'refresh.done', outcome: 'published' }]);
  });
});
