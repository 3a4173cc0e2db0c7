import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Stack } from '../template/stack.ts';
import type { LambdaFunction } from './functions.ts';

/** Delays before the retries of a failed invocation. Lambda waits one and two minutes. */
const RETRY_DELAYS_MS = [200, 400];

/**
 * Returns a function that invokes a Lambda asynchronously. A failure is retried twice, then the event goes to the
 * Lambda's dead-letter queue.
 */
export function asynchronousInvocation(stack: Stack, sqs: SQSClient) {
  const queues = stack.resources('AWS::SQS::Queue');
  return async (fn: LambdaFunction, event: unknown): Promise<void> => {
    for (const waitMs of [...RETRY_DELAYS_MS, undefined]) {
      const outcome = await fn.invoke(event);
      if (outcome.ok) return;
      if (waitMs !== undefined) await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
    const { deadLetterArn } = fn;
    const deadLetters = queues.find(
      ({ attributes }) => deadLetterArn !== undefined && attributes.Arn === deadLetterArn,
    );
    if (deadLetters === undefined) return;
    // The failures are logged already, and a manually deleted queue must not end the run.
    await sqs
      .send(new SendMessageCommand({ QueueUrl: deadLetters.ref, MessageBody: JSON.stringify(event) }))
      .catch(() => {});
  };
}
