import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';
import { type Crash, crashes } from './middleware/crashes.ts';

/**
 * The middleware stack of handlers for queue messages. If the handler throws, the message returns to the queue.
 * @param requestOf returns the id of the request that queued a message, from the message's body.
 * @param crashed the log event of a message whose handler threw.
 */
export function queue(
  requestOf: (body: string) => string | undefined,
  handle: (record: SQSRecord, context: Context) => Promise<void>,
  crashed: Crash,
) {
  const each = lambda<SQSRecord, void>()
    .use([correlation(({ body }) => requestOf(body)), crashes(crashed)])
    .handler(handle);
  return async ({ Records }: SQSEvent, context: Context): Promise<void> => {
    for (const record of Records) await each(record, context);
  };
}
