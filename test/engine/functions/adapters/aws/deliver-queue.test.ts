import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deliverMessageOf, parseDeliverMessage } from '../../../../../functions/adapters/aws/deliver-message.ts';
import { deliverQueue } from '../../../../../functions/adapters/aws/deliver-queue.ts';
import type { DeliverQueue } from '../../../../../functions/domain/webhooks/ports.ts';
import { type Queues, startQueues } from '../../../../../lib/local/queues/queues.ts';

let directory: string;
let queues: Queues;
let queue: DeliverQueue;
let url: string;
let request: string | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'queue-'));
  queues = await startQueues(directory);
  await queues.client.send(new CreateQueueCommand({ QueueName: 'deliveries' }));
  url = `${queues.endpoint}/000000000000/deliveries`;
  queue = deliverQueue(queues.client, url, () => request);
});
afterAll(async () => {
  await queues.close();
  await rm(directory, { recursive: true, force: true });
});

async function received(): Promise<ReturnType<typeof parseDeliverMessage>[]> {
  const all: ReturnType<typeof parseDeliverMessage>[] = [];
  for (;;) {
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return all;
    for (const { Body = '', ReceiptHandle } of Messages) {
      all.push(parseDeliverMessage(Body));
      await queues.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
  }
}

it('queues any number of deliveries, upkeeps and probes, and names the request in which they were queued', async () => {
  const deliveries = Array.from({ length: 25 }, (_, i) => ({
    endpointId: 'one',
    deliveryId: `dlv_${i}`,
    due: 100 + i,
  }));
  await queue.send(deliveries);
  const byDue = (a: { due: number }, b: { due: number }) => a.due - b.due;
  expect((await received()).toSorted(byDue)).toEqual(deliveries);
  request = 'JKJaXmPLvHcESHA=';
  await queue.send([
    { endpointId: 'two', due: 1 },
    { endpointId: 'two', deliveryId: 'dlv', due: 2, isProbe: true },
  ]);
  expect((await received()).toSorted(byDue)).toEqual([
    { endpointId: 'two', due: 1, request },
    { endpointId: 'two', deliveryId: 'dlv', due: 2, isProbe: true, request },
  ]);
});

it('delays messages by whole seconds, rounded up, and by 15 minutes at most', async () => {
  const delayed = async () => {
    const AttributeNames = ['ApproximateNumberOfMessagesDelayed' as const];
    const { Attributes } = await queues.client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames }));
    return Number(Attributes?.ApproximateNumberOfMessagesDelayed);
  };
  await queue.send([{ endpointId: 'three', due: 1 }], 300);
  expect(await delayed()).toBe(1);
  await queue.send([{ endpointId: 'four', due: 1 }], 86_400_000);
  expect(await delayed()).toBe(2);
  expect(await received()).toEqual([]);
});

it('refuses a message of another form', () => {
  expect(() => parseDeliverMessage('{"endpoint_id":"one"}')).toThrow();
  expect(() => parseDeliverMessage('no JSON')).toThrow();
  expect(JSON.parse(deliverMessageOf({ endpointId: 'one', due: 1 }))).toEqual({ endpoint_id: 'one', due: 1 });
});
