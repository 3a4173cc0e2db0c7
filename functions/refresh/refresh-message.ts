import type { Context, SQSRecord } from 'aws-lambda';
import { parseMessage } from '../adapters/aws/refresh-message.ts';
import { type RefreshDueDeps, refreshDue } from '../domain/refresh/refresh-due.ts';
import { logRefresh } from '../runtime/log/refresh-log.ts';

/** ms before the function's timeout at which a refresh is aborted. They are reserved for recording how it ended. */
const FINISH_RESERVE_MS = 10_000;

/**
 * Refreshes the group that a queue message names, and logs the result. A message of the delay queue goes on to
 * the FIFO queue, which delivers one message of a group at a time.
 */
export const refreshMessage =
  (deps: RefreshDueDeps) =>
  async ({ body, attributes }: SQSRecord, context: Context): Promise<void> => {
    if (attributes.MessageGroupId === undefined) return deps.queue.enqueue([parseMessage(body)]);
    const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - FINISH_RESERVE_MS));
    const message = parseMessage(body);
    const deliveries = Number(attributes.ApproximateReceiveCount);
    logRefresh(message.resultId, await refreshDue(deps, { ...message, deliveries }, signal));
  };
