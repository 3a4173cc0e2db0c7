import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

const Attributes = z.object({ ApproximateNumberOfMessages: z.coerce.number() });

/** @returns the approximate number of messages in dead-letter queues together, as SQS reports it. */
export async function countDeadLetters(client: SQSClient, urls: readonly string[]): Promise<number> {
  const counts = await Promise.all(
    urls.map(async (QueueUrl) => {
      const AttributeNames = ['ApproximateNumberOfMessages' as const];
      const response = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      return Attributes.parse(response.Attributes).ApproximateNumberOfMessages;
    }),
  );
  return counts.reduce((sum, one) => sum + one, 0);
}
