import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import type { Functions, LambdaFunction } from '../lambda/functions.ts';
import type { Resource, Stack } from '../template/stack.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { type DeliveredLine, logDeliveryEvent } from './log-delivery.ts';

export const SubscriptionProperties = z.strictObject({
  LogGroupName: z.string(),
  DestinationArn: z.string(),
  FilterPattern: z.string(),
  FilterName: z.string(),
});

/** Milliseconds that lines are gathered for before they are handed over. */
const GATHER = 100;
/** Lines handed over at once, at most. */
const MOST_LINES = 1000;
/** Milliseconds before a failed delivery is tried again: Lambda waits one and two minutes. */
const AGAIN = [200, 400];

export interface Subscriptions {
  /** The functions that lines are handed to: they end after those whose lines they are. */
  readonly destinations: readonly LambdaFunction[];
  /** Hands over what was gathered until now, and waits at most `graceMs` milliseconds for that. */
  close(graceMs: number): Promise<void>;
}

/** Hands the log lines that the stack's subscription filters pick to their functions, as CloudWatch Logs does. */
export function startSubscriptions(stack: Stack, functions: Functions, sqs: SQSClient): Subscriptions {
  const queues = stack.resources('AWS::SQS::Queue');
  const deadLetters = ({ deadLetterArn }: LambdaFunction) =>
    queues.find(({ attributes }) => deadLetterArn !== undefined && attributes.Arn === deadLetterArn);
  const started = stack.resources('AWS::Logs::SubscriptionFilter').map((resource) => {
    const { LogGroupName, DestinationArn, FilterPattern, FilterName } = resource.properties(SubscriptionProperties);
    const writers = functions.all.filter(({ logGroup }) => logGroup === LogGroupName);
    if (writers.length === 0) {
      throw new LocalFault(`${resource.logicalId} follows a log group that no function of the template writes to.`);
    }
    const fn = functions.find(DestinationArn);
    const matches = parseFilterPattern(FilterPattern);
    const delivery = startDelivery(async (lines) => {
      const event = logDeliveryEvent({
        logGroup: LogGroupName,
        logStream: 'local',
        filter: FilterName,
        lines,
      });
      await handOver(fn, event, deadLetters(fn), sqs);
    });
    for (const writer of writers) {
      writer.onLine((line) => {
        if (matches(line)) delivery.add(line);
      });
    }
    return { fn, delivery };
  });
  return {
    destinations: started.map(({ fn }) => fn),
    async close(graceMs) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, graceMs);
      await Promise.race([Promise.all(started.map(({ delivery }) => delivery.flush())), promise]);
      clearTimeout(timer);
    },
  };
}

/**
 * Gathers lines and gives them away batch after batch, never two batches at once: they stay in order, and what comes while one is
 * under way goes with the next, however many come.
 */
function startDelivery(deliver: (lines: readonly DeliveredLine[]) => Promise<void>) {
  const gathered: DeliveredLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let delivering: Promise<void> | undefined;
  const deliverAll = async () => {
    while (gathered.length > 0) await deliver(gathered.splice(0, MOST_LINES));
    delivering = undefined;
  };
  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    delivering ??= deliverAll();
    return delivering;
  };
  return {
    flush,
    add(message: string) {
      const timestamp = Date.now();
      gathered.push({ id: `${timestamp}${String(count++).padStart(43, '0')}`, timestamp, message });
      if (gathered.length >= MOST_LINES) void flush();
      else if (!delivering) timer ??= setTimeout(flush, GATHER);
    },
  };
}

/** An invocation that nobody waits for: one that fails is tried twice more, then its event is set aside. */
async function handOver(fn: LambdaFunction, event: unknown, deadLetters: Resource | undefined, sqs: SQSClient) {
  for (const wait of [...AGAIN, undefined]) {
    const outcome = await fn.invoke(event);
    if (outcome.ok) return;
    if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
  }
  if (deadLetters === undefined) return;
  // The failures were told of already; a queue that was deleted by hand ends nothing.
  await sqs
    .send(new SendMessageCommand({ QueueUrl: deadLetters.ref, MessageBody: JSON.stringify(event) }))
    .catch(() => {});
}
