import { EventBus as Bus, CfnArchive } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EVENT_SOURCE } from '../../functions/adapters/aws/event-bus.ts';
import type { Capability } from '../lambda.ts';

export interface EventBusProps {
  /** Its name in EventBridge, unique in the account and region. Rules name the bus by it. */
  readonly name: string;
  /** Days for which EventBridge archives the events; undefined: no archive. */
  readonly archiveDays: number | undefined;
}

/**
 * The custom event bus that announces versions, erasures and redactions. It has no resource policy, so only principals
 * of this account can use it, as far as IAM allows them.
 */
export class EventBus extends Construct {
  readonly bus: Bus;

  constructor(scope: Construct, id: string, { name, archiveDays }: EventBusProps) {
    super(scope, id);
    this.bus = new Bus(this, 'Bus', { eventBusName: name });
    if (archiveDays === undefined) return;
    // The CDK's own Archive construct sets an empty key id.
    new CfnArchive(this, 'Archive', {
      description: `The events of ${name}`,
      sourceArn: this.bus.eventBusArn,
      eventPattern: { source: [EVENT_SOURCE] },
      retentionDays: archiveDays,
    });
  }

  /**
   * For the function that announces: permission to send events of this service to this bus. IAM holds several values of
   * `events:source` for a request
   * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html).
   */
  announcer(): Capability<{ EVENT_BUS_NAME: string }> {
    const statement = new PolicyStatement({
      actions: ['events:PutEvents'],
      resources: [this.bus.eventBusArn],
      conditions: { 'ForAllValues:StringEquals': { 'events:source': [EVENT_SOURCE] } },
    });
    return {
      env: { EVENT_BUS_NAME: this.bus.eventBusName },
      grant: (fn) => fn.addToRolePolicy(statement),
    };
  }
}
