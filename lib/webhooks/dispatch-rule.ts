import { Duration } from 'aws-cdk-lib';
import { type EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../functions/adapters/aws/event-bus.ts';
import { EVENT_TYPES } from '../../functions/domain/events/event.ts';
import { acknowledge } from '../acknowledge.ts';

/**
 * The rule that copies the events about groups from the bus to a queue. Changes of webhook endpoints are on the bus too,
 * and have other types, so no webhook announces them.
 */
export class DispatchRule extends Construct {
  /** The events that EventBridge could not send to the queue. It retries for a day, unless it has no permission. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { bus, queue }: { readonly bus: EventBus; readonly queue: Queue }) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    acknowledge(
      this.deadLetters,
      'AwsSolutions-SQS3',
      'It is the dead-letter queue of a rule’s target, which cdk-nag does not recognize as one.',
    );
    const rule = new Rule(this, 'Rule', {
      description: 'Sends the events about groups to the queue of the dispatch function',
      eventBus: bus,
      eventPattern: { source: [EVENT_SOURCE], detailType: [...EVENT_TYPES] },
    });
    // The CDK's target would let EventBridge also read the attributes of the queue.
    rule.addTarget({
      bind: () => ({ arn: queue.queueArn, deadLetterConfig: { arn: this.deadLetters.queueArn } }),
    });
    for (const one of [queue, this.deadLetters]) {
      one.addToResourcePolicy(
        new PolicyStatement({
          principals: [new ServicePrincipal('events.amazonaws.com')],
          actions: ['sqs:SendMessage'],
          resources: [one.queueArn],
          conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
        }),
      );
    }
  }
}
