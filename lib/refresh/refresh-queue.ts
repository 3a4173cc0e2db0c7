import { Duration, Names } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Capability, Lambda } from '../lambda.ts';

/** How long a refresh may run. A dead worker's message comes back after VISIBILITY, so its group is taken up within 3 minutes. */
export const REFRESH_TIMEOUT = Duration.seconds(120);
const VISIBILITY = Duration.seconds(150);
const MAX_RECEIVES = 3;

/** Groups to refresh, in order within a group, with the messages that no worker survived set aside. */
export class RefreshQueue extends Construct {
  readonly queue: Queue;
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
  }

  sender(): Capability<{ REFRESH_QUEUE_URL: string }> {
    return {
      env: { REFRESH_QUEUE_URL: this.queue.queueUrl },
      grant: (fn) => void this.queue.grant(fn, 'sqs:SendMessage'),
    };
  }

  /** For whoever tells how many messages no worker survived. */
  deadLetterCounter(): Capability<{ DEAD_LETTER_QUEUE_URL: string }> {
    return {
      env: { DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl },
      grant: (fn) => void this.deadLetters.grant(fn, 'sqs:GetQueueAttributes'),
    };
  }

  /**
   * Lets `worker` take messages, `concurrency` workers at once. A worker takes one at a time: a group that is too large, too
   * slow or deadly for it takes no other with it, and no group is ever in two hands. The CDK's event source would let the worker
   * do more than Lambda does in its name (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
   */
  feeds(worker: Lambda, concurrency: number): void {
    const { queueArn } = this.queue;
    worker.fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [queueArn],
      }),
    );
    // The name by which the event source was first deployed: there can be no second one of queue and function beside it.
    worker.fn.addEventSourceMapping(`SqsEventSource:${Names.nodeUniqueId(this.queue.node)}`, {
      eventSourceArn: queueArn,
      batchSize: 1,
      maxConcurrency: concurrency,
    });
  }
}
