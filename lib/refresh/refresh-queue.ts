import { Duration, Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Capability, Lambda } from '../lambda.ts';

/**
 * How long a refresh may run. A crashed worker's message reappears after VISIBILITY, so a retry starts within 3
 * minutes.
 */
export const REFRESH_TIMEOUT = Duration.seconds(120);
const VISIBILITY = Duration.seconds(150);
const MAX_RECEIVES = 3;
/** Invocations at once that pass rechecks on: the smallest number that Lambda accepts. */
const DELAYED_CONCURRENCY = 2;

/**
 * The FIFO queue of groups to refresh, ordered per group, with a dead-letter queue for messages that failed
 * MAX_RECEIVES times. Beside it stands a standard queue for due times within the next minutes, since a message of a
 * FIFO queue cannot be delayed. Its messages go on to the FIFO queue.
 */
export class RefreshQueue extends Construct {
  readonly queue: Queue;
  readonly delayed: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
    this.delayed = new Queue(this, 'Delayed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: Duration.hours(1),
    });
    acknowledge(
      this.delayed,
      'AwsSolutions-SQS3',
      'A message that is lost delays a refresh until the next sweep, which finds the group due. There is nothing to redrive.',
    );
  }

  sender(): Capability<{ REFRESH_QUEUE_URL: string }> {
    return {
      env: { REFRESH_QUEUE_URL: this.queue.queueUrl },
      grant: (fn) => void this.queue.grant(fn, 'sqs:SendMessage'),
    };
  }

  /** For the functions that refresh groups: a refresh can be followed by others within minutes. */
  delayedSender(): Capability<{ DELAY_QUEUE_URL: string }> {
    return {
      env: { DELAY_QUEUE_URL: this.delayed.queueUrl },
      grant: (fn) => void this.delayed.grant(fn, 'sqs:SendMessage'),
    };
  }

  /** For the function that reports the number of dead letters. */
  deadLetterCounter(): Capability<{ DEAD_LETTER_QUEUE_URL: string }> {
    return {
      env: { DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl },
      grant: (fn) => void this.deadLetters.grant(fn, 'sqs:GetQueueAttributes'),
    };
  }

  /**
   * Connects `worker` to the queues, with up to `concurrency` refreshes at once. Each invocation receives one message,
   * so a group that crashes or times out a worker fails no other group. SQS delivers a group's messages one after
   * another. The CDK's event source would grant more than Lambda's pollers need
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
   */
  feeds(worker: Lambda, concurrency: number): void {
    worker.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.queue.queueArn, this.delayed.queueArn],
      }),
    );
    const connect = ({ node, queueArn }: Queue, maxConcurrency: number) =>
      // This id must not change: Lambda rejects a second mapping of the same queue and function during an update.
      worker.fn.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(node)}`, {
        eventSourceArn: queueArn,
        batchSize: 1,
        maxConcurrency,
      });
    connect(this.queue, concurrency);
    connect(this.delayed, DELAYED_CONCURRENCY);
  }
}
