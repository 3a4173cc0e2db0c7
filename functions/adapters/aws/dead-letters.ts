import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

const Attributes = z.object({ ApproximateNumberOfMessages: z.coerce.number() });

/** @returns the approximate number of messages in a dead-letter queue, as SQS reports it. */
export async function countDeadLetters(client: SQSClient, url: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] });
  const response = await client.send(command);
  return Attributes.parse(response.Attributes).ApproximateNumberOfMessages;
}
