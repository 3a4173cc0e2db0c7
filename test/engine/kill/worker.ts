import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { parseMessage } from '../../../functions/adapters/aws/refresh-message.ts';
import { refreshDue } from '../../../functions/domain/refresh/refresh-due.ts';
import type { Parts } from './parts.ts';

/** The next message, if there is one. */
export async function receive({ sqs, queueUrl }: Parts): Promise<Message | undefined> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 1,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages[0];
}

/**
 * What the event source and the worker do about one message: take it, refresh its group, delete it.
 * @returns what the refresh came to, undefined where there was no message.
 */
export async function work(parts: Parts): Promise<string | undefined> {
  const message = await receive(parts);
  if (!message) return undefined;
  const deliveries = Number(message.Attributes?.ApproximateReceiveCount);
  const { kind } = await refreshDue(parts, { ...parseMessage(message.Body ?? ''), deliveries }, parts.signal);
  await parts.sqs.send(new DeleteMessageCommand({ QueueUrl: parts.queueUrl, ReceiptHandle: message.ReceiptHandle }));
  return kind;
}
