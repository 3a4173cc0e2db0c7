import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { LONGEST_BACKOFF } from '../../functions/domain/refresh/cadence.ts';
import { SWEEP_AHEAD_SECONDS } from '../../functions/domain/refresh/sweep.ts';
import { RETRY_CREDENTIALS_MS } from '../../functions/domain/upstream/budget.ts';
import { STUCK_AFTER_MS } from '../../functions/runtime/log/refresh-log.ts';
import type { AuditLog } from '../audit-log.ts';
import { REFRESH_TIMEOUT } from '../refresh/refresh-queue.ts';
import { alarmThresholds } from './alarm-thresholds.ts';
import { emitted, filledSum, total } from './metrics.ts';
import type { Watched } from './watched.ts';

const { BREACHING, NOT_BREACHING, IGNORE } = TreatMissingData;

/** What happens now and then, and hurts nobody for long, is less than this. */
const MIN_FAILURES = 5;
const MANY_LOGINS = 50;

interface Row {
  /** Who is hurt, and how. */
  readonly impact: string;
  /** A heading of docs/runbook.md. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** At the threshold or over it, unless this says otherwise. */
  readonly comparisonOperator?: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
}

/** Each alarm by its name. */
export function rows({ api, sweep, worker, refreshQueue, auditLog, sweepMinutes }: Watched): Record<string, Row> {
  const { auth, verifications, webhook } = api.lambdas;
  const callersOfAnyCheck = [worker, verifications];
  const { unswept: period, late: latest } = alarmThresholds(sweepMinutes);
  const span = period.toMinutes();
  // Refused credentials are tried again, and then told of again, after TRY_AGAIN: until then nothing is heard of them.
  const refusedPeriod = Duration.millis(RETRY_CREDENTIALS_MS.login).plus(period);
  // A group that fails by itself is tried every 15 minutes in the end, or after the hour at most that AnyCheck asks for.
  const stuckPeriod = Duration.millis(LONGEST_BACKOFF).plus(period);
  const late = latest.toSeconds();

  return {
    CallsFail: {
      impact: `Everybody who calls: in ${span} minutes ${MIN_FAILURES} calls or more, and over 1 in 100, were answered 5xx.`,
      runbook: 'Calls are answered 5xx',
      metric: new MathExpression({
        expression: `IF(failed >= ${MIN_FAILURES} AND failed > calls / 100, 1, 0)`,
        usingMetrics: {
          failed: filledSum({ failed0: api.metric('5xx', period, 'Sum') }, period),
          calls: filledSum({ calls0: api.metric('Count', period, 'Sum') }, period),
        },
        period,
      }),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    Throttled: {
      impact:
        `Everybody who reads: in ${span} minutes Lambda turned ${MIN_FAILURES} reads, looks or sweeps away, since too many functions of this ` +
        'account run at once. Reads answer 503, groups are looked at later.',
      runbook: 'Lambda turns functions away',
      metric: filledSum(
        Object.fromEntries(
          [verifications, worker, sweep].map(({ fn }, i) => [
            `throttles${i}`,
            fn.metricThrottles({ statistic: 'Sum', period }),
          ]),
        ),
        period,
      ),
      threshold: MIN_FAILURES,
      treatMissingData: NOT_BREACHING,
    },
    NotSwept: {
      impact: `Everybody who reads: no sweep ended well for ${span} minutes, so no group is looked at again by itself.`,
      runbook: 'Nothing is swept',
      metric: total('Sweeps', [sweep], period),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: BREACHING,
    },
    NotRefreshed: {
      impact:
        `Everybody who reads: for ${span} minutes looks failed, or every sweep found groups due, and not one group was ` +
        'refreshed. Snapshots are served with their age, groups that are not known yet answer 503.',
      runbook: 'Reads answer 503, or groups stop changing',
      // That one sweep found a group due is not enough, since it may be refreshed a moment later. And groups that failed
      // are not due at every sweep: they are tried again with backoff, so their failures are what tells of them.
      metric: new MathExpression({
        expression: 'IF((due > 0 OR failed > 1) AND refreshed < 1, 1, 0)',
        usingMetrics: {
          due: total('Due', [sweep], period, 'Minimum'),
          failed: total('FailedRefreshes', callersOfAnyCheck, period),
          refreshed: total('Refreshed', callersOfAnyCheck, period),
        },
        period,
      }),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    Late: {
      impact:
        `Who reads the groups that wait: for ${span} minutes every sweep found one that was due for more than ${late} s ` +
        `(${sweepMinutes} min between sweeps, ${SWEEP_AHEAD_SECONDS} s in the queue, ${REFRESH_TIMEOUT.toSeconds()} s of a look). ` +
        'Groups that wait because AnyCheck fails (the circuit is open), or allows too few calls for them, are late as well.',
      runbook: 'Groups are late',
      metric: emitted('OldestDueSeconds', sweep, period, 'Minimum'),
      threshold: late,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Without sweeps nobody knows: NotSwept tells of that, and nothing is said to be over.
      treatMissingData: IGNORE,
    },
    CredentialsRefused: {
      impact:
        'Everybody who reads: AnyCheck refuses the credentials. Nothing is refreshed, groups that are not known yet answer ' +
        `503. It is said to be over up to ${refusedPeriod.toMinutes()} minutes after it is.`,
      runbook: 'New AnyCheck credentials',
      metric: total('CredentialsRefused', callersOfAnyCheck, refusedPeriod),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    CircuitOpened: {
      impact:
        'Everybody who reads: AnyCheck has been failing for minutes, or again and again. It is asked once in 10 seconds at ' +
        'most; snapshots are served with their age, groups that are not known yet answer 503.',
      runbook: 'Reads answer 503, or groups stop changing',
      // It opens after seconds, and opens once however long it stays so: a sweep that finds it open makes it minutes.
      metric: new MathExpression({
        expression: 'opened + open',
        usingMetrics: {
          opened: total('CircuitOpened', callersOfAnyCheck, period),
          open: total('FoundOpen', [sweep], period),
        },
        period,
      }),
      threshold: 2,
      treatMissingData: NOT_BREACHING,
    },
    GroupStuck: {
      impact:
        `Who reads the groups that it is about: for ${Duration.millis(STUCK_AFTER_MS).toMinutes()} minutes every look at one failed, for reasons of ` +
        'its own. Its snapshot is served with its age; without one it answers 503.',
      runbook: 'A group fails by itself',
      metric: total('StuckRefreshes', callersOfAnyCheck, stuckPeriod),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    WebhooksUnusable: {
      impact:
        `Who reads groups that settled and were reopened: in ${span} minutes ${MIN_FAILURES} of AnyCheck’s webhooks or more had a wrong signature, or ` +
        'named no group. Other groups are looked at by the schedule alone.',
      runbook: 'Webhooks cannot be used',
      metric: total('UnusableWebhooks', [webhook], period),
      threshold: MIN_FAILURES,
      treatMissingData: NOT_BREACHING,
    },
    ...(auth && {
      LoginsRefused: {
        impact:
          `Who has a user here: in ${span} minutes ${MANY_LOGINS} logins or more had a wrong email or password. Somebody may be ` +
          'guessing passwords, or a program has an old one.',
        runbook: 'Logins are refused',
        metric: total('RefusedLogins', [auth], period),
        threshold: MANY_LOGINS,
        treatMissingData: NOT_BREACHING,
      },
    }),
    DeadLetters: {
      impact:
        'Who reads the groups that it names: three workers died of a message, or could not write down what they found. ' +
        'Such a group stays scheduled, but may never be refreshed.',
      runbook: 'Dead letters',
      metric: refreshQueue.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period }),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    AuditLinesMissing: {
      impact:
        'Who reads the audit log: lines did not reach it. They wait among its dead letters for 14 days, or are in the log of ' +
        'the function that wrote them for as long as that is kept.',
      runbook: 'Audit lines are missing',
      metric: undelivered(auditLog, period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
  };
}

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
