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
  /** Of the forwarder's own log. */
  readonly logRetention: RetentionDays;
}

/** Filters of one name in many log groups. */
const FILTER = 'audit';

/**
 * Who did what with whose data, apart from all other logs and kept for longer: functions write audit lines to their own logs,
 * subscriptions pick them out, the forwarder puts them here.
 */
export class AuditLog extends Construct {
  readonly lines: LogGroup;
  readonly forwarder: Lambda;
  /** Deliveries that failed three times, as they were. CloudWatch takes lines of the last 14 days alone: no use in keeping more. */
  readonly deadLetters: Queue;
  private readonly followed: ILogGroup[] = [];

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

  /** Gathers what `lambdas` write of audit lines. */
  subscribe(lambdas: readonly Lambda[]): void {
    for (const { fn } of lambdas) {
      // A forwarder that followed itself would never come to an end.
      if (fn === this.forwarder.fn) throw new Error('the audit log does not follow its own forwarder');
      new SubscriptionFilter(fn, 'Audit', {
        logGroup: fn.logGroup,
        filterName: FILTER,
        filterPattern: FilterPattern.exists(`$.${AUDIT_MARK}`),
        destination: new LambdaDestination(this.forwarder.fn),
      });
      this.followed.push(fn.logGroup);
    }
  }

  /** The events that CloudWatch Logs could not hand to the forwarder, by log group. */
  deliveryErrors(period: Duration): Metric[] {
    return this.followed.map(
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
