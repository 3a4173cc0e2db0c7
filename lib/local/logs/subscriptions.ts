import type { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { asynchronousInvocation } from '../lambda/asynchronous.ts';
import type { Functions, LambdaFunction } from '../lambda/functions.ts';
import { settleWithin } from '../settle-within.ts';
import type { Stack } from '../template/stack.ts';
import { parseFilterPattern } from './filter-pattern.ts';
import { type DeliveredLine, logDeliveryEvent } from './log-delivery.ts';

export const SubscriptionProperties = z.strictObject({
  LogGroupName: z.string(),
  DestinationArn: z.string(),
  FilterPattern: z.string(),
  FilterName: z.string(),
});

/** How long a batch collects lines before its delivery. */
const BATCH_WINDOW_MS = 100;
const MAX_BATCH_LINES = 1000;

export interface Subscriptions {
  /** The functions that receive lines. They must stop after the functions that write the lines. */
  readonly destinations: readonly LambdaFunction[];
  /** Delivers all collected lines. It waits at most `graceMs` milliseconds for that. */
  close(graceMs: number): Promise<void>;
}

/** Delivers the log lines that match the stack's subscription filters to their functions, as CloudWatch Logs does. */
export function startSubscriptions(stack: Stack, functions: Functions, sqs: SQSClient): Subscriptions {
  const invoke = asynchronousInvocation(stack, sqs);
  const started = stack.resources('AWS::Logs::SubscriptionFilter').map((resource) => {
    const { LogGroupName, DestinationArn, FilterPattern, FilterName } = resource.properties(SubscriptionProperties);
    const writers = functions.all.filter(({ logGroup }) => logGroup === LogGroupName);
    if (writers.length === 0) {
      throw new LocalFault(
        `${resource.logicalId} subscribes to a log group that no function of the template writes to.`,
      );
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
      await invoke(fn, event);
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
    close: (graceMs) => settleWithin(Promise.all(started.map(({ delivery }) => delivery.flush())), graceMs),
  };
}

/**
 * Collects lines and delivers them in batches, one batch at a time, so that they stay in order. Lines that arrive
 * during a delivery go into the next batch.
 */
function startDelivery(deliver: (lines: readonly DeliveredLine[]) => Promise<void>) {
  const pending: DeliveredLine[] = [];
  let timer: NodeJS.Timeout | undefined;
  let count = 0;
  let delivering: Promise<void> | undefined;
  const deliverAll = async () => {
    while (pending.length > 0) await deliver(pending.splice(0, MAX_BATCH_LINES));
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
      pending.push({ id: `${timestamp}${String(count++).padStart(43, '0')}`, timestamp, message });
      if (pending.length >= MAX_BATCH_LINES) void flush();
      else if (!delivering) timer ??= setTimeout(flush, BATCH_WINDOW_MS);
    },
  };
}
