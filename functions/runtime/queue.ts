import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { lambda } from './lambda.ts';
import { correlation } from './middleware/correlation.ts';
import { crashes } from './middleware/crashes.ts';

/**
 * What is around the handler of each message of a queue. A message whose handler throws goes back to the queue.
 * @param requestOf the request that a body says it was queued in.
 */
export function queue(
  requestOf: (body: string) => string | undefined,
  handle: (record: SQSRecord, context: Context) => Promise<void>,
) {
  const each = lambda<SQSRecord, void>()
    .use([correlation(({ body }) => requestOf(body)), crashes()])
    .handler(handle);
  return async ({ Records }: SQSEvent, context: Context): Promise<void> => {
    for (const record of Records) await each(record, context);
  };
}
