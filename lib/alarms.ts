import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { TRY_AGAIN } from '../functions/domain/budget.ts';
import { SWEEP_AHEAD } from '../functions/domain/sweep.ts';
import { type Metric as MetricName, NAMESPACE } from '../functions/runtime/log.ts';
import type { AuditLog } from './audit-log.ts';
import type { Lambda } from './lambda.ts';
import { patience } from './patience.ts';
import { REFRESH_TIMEOUT } from './refresh-queue.ts';

export interface AlarmsProps {
  readonly sweep: Lambda;
  /** Those that ask AnyCheck. */
  readonly askers: readonly Lambda[];
  readonly deadLetters: Queue;
  readonly auditLog: AuditLog;
  readonly sweepMinutes: number;
  /** Who is told; nobody where it is undefined. */
  readonly topicArn: string | undefined;
}

interface Row {
  /** Who is hurt, and how. */
  readonly hurt: string;
  /** A heading of docs/runbook.md. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** At the threshold or over it, unless this says otherwise. */
  readonly comparisonOperator?: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
}

const { BREACHING, NOT_BREACHING, IGNORE } = TreatMissingData;

/** What somebody has to be told of, whoever deploys this: each alarm says who is hurt and where the runbook goes on. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { topicArn } = props;
    const action = topicArn === undefined ? undefined : new SnsAction(Topic.fromTopicArn(this, 'Topic', topicArn));
    for (const [name, { hurt, runbook, ...row }] of Object.entries(rows(props))) {
      const alarm = new Alarm(this, name, {
        alarmDescription: `${hurt} What to do: "${runbook}" in docs/runbook.md.`,
        evaluationPeriods: 1,
        ...row,
      });
      if (action) {
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
    }
  }
}

function rows({ sweep, askers, deadLetters, auditLog, sweepMinutes }: AlarmsProps): Record<string, Row> {
  const { unswept: period, late: latest } = patience(sweepMinutes);
  const span = period.toMinutes();
  // Refused credentials are tried again, and then told of again, after TRY_AGAIN: until then nothing is heard of them.
  const refusedPeriod = Duration.millis(TRY_AGAIN.login).plus(period);
  const late = latest.toSeconds();

  return {
    NotSwept: {
      hurt: `Everybody who reads: no sweep ended well for ${span} minutes, so no group is looked at again by itself.`,
      runbook: 'Nothing is swept',
      metric: total('Sweeps', [sweep], period),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: BREACHING,
    },
    NotRefreshed: {
      hurt:
        `Everybody who reads: for ${span} minutes looks failed, or every sweep found groups due, and not one group was ` +
        'refreshed. Snapshots are served with their age, groups that are not known yet answer 503.',
      runbook: 'Reads answer 503, or groups stop changing',
      // That one sweep found a group due is not enough, since it may be refreshed a moment later. And groups that failed
      // are not due at every sweep: they are tried again with backoff, so their failures are what tells of them.
      metric: new MathExpression({
        expression: 'IF((due > 0 OR failed > 1) AND refreshed < 1, 1, 0)',
        usingMetrics: {
          due: total('Due', [sweep], period, 'Minimum'),
          failed: total('FailedLooks', askers, period),
          refreshed: total('Refreshed', askers, period),
        },
        period,
      }),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    Late: {
      hurt:
        `Who reads the groups that wait: for ${span} minutes every sweep found one that was due for more than ${late} s ` +
        `(${sweepMinutes} min between sweeps, ${SWEEP_AHEAD} s in the queue, ${REFRESH_TIMEOUT.toSeconds()} s of a look). ` +
        'Groups that wait because AnyCheck fails (the circuit is open), or allows too few calls for them, are late as well.',
      runbook: 'Groups are late',
      metric: emitted('OldestDueSeconds', sweep, period, 'Minimum'),
      threshold: late,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Without sweeps nobody knows: NotSwept tells of that, and nothing is said to be over.
      treatMissingData: IGNORE,
    },
    CredentialsRefused: {
      hurt:
        'Everybody who reads: AnyCheck refuses the credentials. Nothing is refreshed, groups that are not known yet answer ' +
        `503. It is said to be over up to ${refusedPeriod.toMinutes()} minutes after it is.`,
      runbook: 'New AnyCheck credentials',
      metric: total('CredentialsRefused', askers, refusedPeriod),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    CircuitOpened: {
      hurt:
        'Everybody who reads: AnyCheck has been failing for minutes, or again and again. It is asked once in 10 seconds at ' +
        'most; snapshots are served with their age, groups that are not known yet answer 503.',
      runbook: 'Reads answer 503, or groups stop changing',
      // It opens after seconds, and opens once however long it stays so: a sweep that finds it open makes it minutes.
      metric: new MathExpression({
        expression: 'opened + open',
        usingMetrics: {
          opened: total('CircuitOpened', askers, period),
          open: total('FoundOpen', [sweep], period),
        },
        period,
      }),
      threshold: 2,
      treatMissingData: NOT_BREACHING,
    },
    DeadLetters: {
      hurt:
        'Who reads the groups that it names: three workers died of a message, or could not write down what they found. ' +
        'Such a group stays scheduled, but may never be refreshed.',
      runbook: 'Dead letters',
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period }),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    AuditLinesMissing: {
      hurt:
        'Who reads the audit log: lines did not reach it. They wait among its dead letters for 14 days, or are in the log of ' +
        'the function that wrote them for as long as that is kept.',
      runbook: 'Audit lines are missing',
      metric: undelivered(auditLog, period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
  };
}

const emitted = (metricName: MetricName, { fn }: Lambda, period: Duration, statistic: 'Sum' | 'Minimum') =>
  new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: fn.functionName },
    statistic,
    period,
  });

/**
 * The sum over functions, 0 where none emitted anything. Were that left to an alarm's treatment of missing data, it would
 * judge by what came before, three periods back.
 */
function total(name: MetricName, lambdas: readonly Lambda[], period: Duration, statistic: 'Sum' | 'Minimum' = 'Sum') {
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const metrics = lambdas.map((one, i) => [`${id}${i}`, emitted(name, one, period, statistic)] as const);
  return filledSum(Object.fromEntries(metrics), period);
}

const filledSum = (usingMetrics: Record<string, IMetric>, period: Duration) =>
  new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((one) => `FILL(${one}, 0)`)
      .join(' + '),
    usingMetrics,
    period,
  });

/** What was set aside on the way to the audit log, what could not even be set aside, what was no line, and what never set out. */
function undelivered(auditLog: AuditLog, period: Duration) {
  const { forwarder, deadLetters } = auditLog;
  const metrics: Record<string, IMetric> = {
    letters: deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period }),
    unset: forwarder.fn.metric('DeadLetterErrors', { statistic: 'Sum', period }),
    malformed: emitted('MalformedAuditLines', forwarder, period, 'Sum'),
  };
  for (const [i, metric] of auditLog.deliveryErrors(period).entries()) metrics[`unsent${i}`] = metric;
  return filledSum(metrics, period);
}
