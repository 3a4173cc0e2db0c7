import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

const Attributes = z.object({ ApproximateNumberOfMessages: z.coerce.number() });

/** How many messages wait in a queue of dead letters, as SQS knows it at the moment. */
export async function countDeadLetters(client: SQSClient, url: string): Promise<number> {
  const asked = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['ApproximateNumberOfMessages'] });
  const { Attributes: told } = await client.send(asked);
  return Attributes.parse(told).ApproximateNumberOfMessages;
}
