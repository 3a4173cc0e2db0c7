import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { codeOf, LocalFault } from '../fault.ts';
import type { Functions, LambdaFunction } from '../lambda/functions.ts';
import type { Outcome } from '../lambda/outcome.ts';
import type { Stack } from '../template/stack.ts';
import { sqsEvent } from './sqs-event.ts';

export const EventSourceProperties = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.int().max(10).default(10),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.int() }).default({ MaximumConcurrency: 8 }),
});
const BatchFailures = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/** The wait time of a poll. It is short, because the end of the run waits for the last poll. */
const POLL_SECONDS = 1;

export interface EventSources {
  /** Stops polling, returns the last poll's messages to the queue, and waits for running batches. */
  close(): Promise<void>;
}

/** Polls the queue of every event source mapping of the stack, as Lambda's pollers do. */
export function startEventSources(stack: Stack, client: SQSClient, functions: Functions): EventSources {
  const queues = stack.resources('AWS::SQS::Queue');
  const pollers = stack.resources('AWS::Lambda::EventSourceMapping').map((resource) => {
    const properties = resource.properties(EventSourceProperties);
    const queue = queues.find(({ attributes }) => attributes.Arn === properties.EventSourceArn);
    if (queue === undefined)
      throw new LocalFault(`${resource.logicalId} reads from a source that is not a queue of the template.`);
    return startPoller({
      client,
      fn: functions.find(properties.FunctionName),
      queueUrl: queue.ref,
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize,
      concurrency: properties.ScalingConfig.MaximumConcurrency,
      partial: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    });
  });
  return {
    async close() {
      await Promise.all(pollers.map((stop) => stop()));
    },
  };
}

interface Poller {
  readonly client: SQSClient;
  readonly fn: LambdaFunction;
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  readonly concurrency: number;
  /** Whether the function reports the messages that failed. */
  readonly partial: boolean;
}

function startPoller(poller: Poller): () => Promise<void> {
  const { client, queueUrl, concurrency } = poller;
  const running = new Set<Promise<void>>();
  let stopped = false;
  const run = async () => {
    while (!stopped) {
      if (running.size >= concurrency) await Promise.race(running);
      const messages = await receive(poller);
      if (messages.length === 0) continue;
      if (stopped) return returnToQueue(client, queueUrl, messages);
      const batch = handle(poller, messages).finally(() => running.delete(batch));
      running.add(batch);
    }
  };
  const polling = run();
  return async () => {
    stopped = true;
    await polling;
    await Promise.all(running);
  };
}

async function receive({ client, queueUrl, batchSize }: Poller): Promise<Message[]> {
  try {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: batchSize,
        WaitTimeSeconds: POLL_SECONDS,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages ?? [];
  } catch (error) {
    // The queue may be deleted, or the engine may fail once: AWS's pollers continue in both cases.
    if (codeOf(error) === 'AbortError') return [];
    await new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * 1000));
    return [];
  }
}

/** Runs one batch. It deletes the messages that succeeded; a failed message reappears after its visibility timeout. */
async function handle(poller: Poller, messages: readonly Message[]): Promise<void> {
  const outcome = await poller.fn.invoke(sqsEvent(messages, poller.queueArn));
  const failed = failedIds(outcome, messages, poller.partial);
  const done = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
  if (done.length === 0) return;
  await poller.client
    .send(new DeleteMessageBatchCommand({ QueueUrl: poller.queueUrl, Entries: entries(done) }))
    // A message that could not be deleted is delivered again: SQS delivers at least once.
    .catch(() => {});
}

/**
 * The ids of the failed messages. A failed invocation, a malformed report and an unknown id in it fail the whole batch.
 */
function failedIds(outcome: Outcome, messages: readonly Message[], partial: boolean): ReadonlySet<string> {
  const all = new Set(messages.map(({ MessageId }) => MessageId ?? ''));
  if (!outcome.ok) return all;
  const result: unknown = JSON.parse(outcome.payload);
  if (!partial || result === null) return new Set();
  const report = BatchFailures.safeParse(result);
  if (!report.success) return all;
  const named = (report.data.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return named.every((id) => all.has(id)) ? new Set(named) : all;
}

async function returnToQueue(client: SQSClient, queueUrl: string, messages: readonly Message[]): Promise<void> {
  const again = entries(messages).map((entry) => ({ ...entry, VisibilityTimeout: 1 }));
  await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: again })).catch(() => {});
}

const entries = (messages: readonly Message[]) =>
  messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle: ReceiptHandle ?? '' }));
