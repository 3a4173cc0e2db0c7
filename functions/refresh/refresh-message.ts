import type { Context, SQSRecord } from 'aws-lambda';
import { parseMessage } from '../adapters/aws/refresh-message.ts';
import { type RefreshDueDeps, refreshDue } from '../domain/refresh/refresh-due.ts';
import { logRefresh } from '../runtime/log/refresh-log.ts';

/** ms of the function's time that are left for writing down how a look ended. */
const WRITE_DOWN = 10_000;

/** Refreshes the group that a message of the queue names. */
export const refreshMessage =
  (deps: RefreshDueDeps) =>
  async ({ body, attributes }: SQSRecord, context: Context): Promise<void> => {
    const signal = AbortSignal.timeout(Math.max(1, context.getRemainingTimeInMillis() - WRITE_DOWN));
    const message = parseMessage(body);
    const deliveries = Number(attributes.ApproximateReceiveCount);
    logRefresh(message.resultId, await refreshDue(deps, { ...message, deliveries }, signal));
  };
