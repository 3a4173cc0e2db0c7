import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';
import { messageOf, parseMessage } from '../../../../../functions/adapters/aws/refresh-message.ts';
import { refreshQueue } from '../../../../../functions/adapters/aws/refresh-queue.ts';
import type { RefreshQueue } from '../../../../../functions/domain/refresh/queue.ts';
import { type Queues, startQueues } from '../../../../../lib/local/queues/queues.ts';

let directory: string;
let queues: Queues;
let queue: RefreshQueue;
let url: string;
let request: string | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'queue-'));
  queues = await startQueues(directory);
  const Attributes = { FifoQueue: 'true' };
  await queues.client.send(new CreateQueueCommand({ QueueName: 'groups.fifo', Attributes }));
  url = `${queues.endpoint}/000000000000/groups.fifo`;
  queue = refreshQueue(queues.client, url, () => request);
});
afterAll(async () => {
  await queues.close();
  await rm(directory, { recursive: true, force: true });
});

/** What waits, each ended as by a worker: a group's next message is not given out before. */
async function received(): Promise<ReturnType<typeof parseMessage>[]> {
  const all: ReturnType<typeof parseMessage>[] = [];
  for (;;) {
    const { Messages = [] } = await queues.client.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return all;
    for (const { Body = '', ReceiptHandle } of Messages) {
      all.push(parseMessage(Body));
      await queues.client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
  }
}

it('queues a group once for one due time, and again for another one', async () => {
  const groups = Array.from({ length: 25 }, (_, i) => ({ resultId: `group-${i}`, due: 1000 + i }));
  await Promise.all([queue.enqueue(groups), queue.enqueue(groups)]);
  const byDue = (a: { due: number }, b: { due: number }) => a.due - b.due;
  expect((await received()).toSorted(byDue)).toEqual(groups);
  await queue.enqueue(groups);
  expect(await received()).toEqual([]);
  await queue.enqueue([{ resultId: 'group-30', due: 1 }]);
  expect(await received()).toEqual([{ resultId: 'group-30', due: 1 }]);
});

it('names the request in which a group was queued', async () => {
  request = 'JKJaXmPLvHcESHA=';
  await queue.enqueue([{ resultId: 'group-40', due: 1 }]);
  expect(await received()).toEqual([{ resultId: 'group-40', due: 1, request }]);
});

it('takes messages of earlier deployments, which name no request, and theirs take these', () => {
  expect(parseMessage('{"result_id":"group-50","due":1}')).toEqual({ resultId: 'group-50', due: 1 });
  const Earlier = z.object({ result_id: z.string(), due: z.number() });
  const body = messageOf({ resultId: 'group-50', due: 1, request: 'JKJaXmPLvHcESHA=' });
  expect(Earlier.parse(JSON.parse(body))).toEqual({ result_id: 'group-50', due: 1 });
});
