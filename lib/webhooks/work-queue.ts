import { Duration, Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Lambda } from '../lambda.ts';

export interface WorkQueueProps {
  /** How long a received message is hidden; over the timeout of the function that receives it. */
  readonly visibility: Duration;
  /** How long a message can wait for a function. */
  readonly retention: Duration;
  /** Failed invocations until a message moves to the dead-letter queue. An invocation that Lambda throttles counts. */
  readonly maxReceives: number;
}

/** A standard queue of messages for one function, with a dead-letter queue for messages that it failed on repeatedly. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { visibility, retention, maxReceives }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: visibility,
      retentionPeriod: retention,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }

  /**
   * Connects a function to the queue, with up to `maxConcurrency` invocations at once. Each receives one message, so a
   * message that fails or hangs delays no other. The CDK's event source would grant more than Lambda's pollers need
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
   */
  feeds({ fn }: Lambda, maxConcurrency: number): void {
    const { queueArn, node } = this.queue;
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [queueArn],
      }),
    );
    // This id must not change: Lambda rejects a second mapping of the same queue and function during an update.
    fn.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(node)}`, {
      eventSourceArn: queueArn,
      batchSize: 1,
      maxConcurrency,
    });
  }
}
