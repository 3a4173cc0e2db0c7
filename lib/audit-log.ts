import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, LogGroup, type RetentionDays, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Env } from '../functions/audit/env.ts';
import { AUDIT_MARK } from '../functions/runtime/access/audit-mark.ts';
import { type Capability, Lambda } from './lambda.ts';

export interface AuditLogProps {
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
  /** Retention of the forwarder's own log. */
  readonly logRetention: RetentionDays;
}

/** Every subscription filter has this name, each in its own log group. */
const FILTER = 'audit';

/**
 * The record of which caller accessed which group, separate from all other logs and with a longer retention. Functions
 * write audit lines to their own logs, subscription filters select those lines, and the forwarder writes them to this
 * log group.
 */
export class AuditLog extends Construct {
  readonly lines: LogGroup;
  readonly forwarder: Lambda;
  /**
   * Unchanged deliveries that failed three times. Retention is 14 days, because CloudWatch Logs rejects older lines.
   */
  readonly deadLetters: Queue;
  private readonly sources: ILogGroup[] = [];

  constructor(scope: Construct, id: string, { retention, removalPolicy, logRetention }: AuditLogProps) {
    super(scope, id);
    this.lines = new LogGroup(this, 'Lines', { retention, removalPolicy });
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    this.forwarder = new Lambda(this, 'Forwarder', {
      folder: 'audit',
      uses: this.writer() satisfies Capability<Env>,
      timeout: Duration.seconds(60),
      memory: 256,
      logRetention,
      deadLetterQueue: this.deadLetters,
    });
  }

  /** Subscribes the forwarder to the audit lines of `lambdas`. @throws Error for the forwarder itself. */
  subscribe(lambdas: readonly Lambda[]): void {
    for (const { fn } of lambdas) {
      // A forwarder that received its own lines would invoke itself without end.
      if (fn === this.forwarder.fn) throw new Error('the audit log does not subscribe to its own forwarder');
      new SubscriptionFilter(fn, 'Audit', {
        logGroup: fn.logGroup,
        filterName: FILTER,
        filterPattern: FilterPattern.exists(`$.${AUDIT_MARK}`),
        destination: new LambdaDestination(this.forwarder.fn),
      });
      this.sources.push(fn.logGroup);
    }
  }

  /** One metric per log group: the log events that CloudWatch Logs could not deliver to the forwarder. */
  deliveryErrors(period: Duration): Metric[] {
    return this.sources.map(
      ({ logGroupName }) =>
        new Metric({
          namespace: 'AWS/Logs',
          metricName: 'DeliveryErrors',
          dimensionsMap: { LogGroupName: logGroupName, DestinationType: 'Lambda', FilterName: FILTER },
          statistic: 'Sum',
          period,
        }),
    );
  }

  private writer(): Capability<Env> {
    return { env: { AUDIT_LOG_GROUP: this.lines.logGroupName }, grant: (fn) => this.lines.grantWrite(fn) };
  }
}
