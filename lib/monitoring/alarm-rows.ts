import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { NEAR_END } from '../../functions/domain/api-keys/api-key.ts';
import { MAX_BACKOFF_MS } from '../../functions/domain/refresh/cadence.ts';
import { SWEEP_AHEAD_SECONDS } from '../../functions/domain/refresh/sweep.ts';
import { RETRY_CREDENTIALS_MS } from '../../functions/domain/upstream/budget.ts';
import { STUCK_AFTER_MS } from '../../functions/runtime/log/refresh-log.ts';
import type { AuditLog } from '../audit-log.ts';
import { REFRESH_TIMEOUT } from '../refresh/refresh-queue.ts';
import type { AlarmRow } from './alarm-row.ts';
import { alarmThresholds } from './alarm-thresholds.ts';
import { emitted, filledSum, total, visible } from './metrics.ts';
import type { Watched } from './watched.ts';
import { webhookRows } from './webhook-alarm-rows.ts';

const { BREACHING, NOT_BREACHING, IGNORE } = TreatMissingData;

/** Fewer failures than this in one period raise no alarm: they occur now and then, and impact callers only briefly. */
const MIN_FAILURES = 5;
const MIN_REFUSED_LOGINS = 50;

/** All alarms, by name. */
export function rows({
  api,
  sweep,
  worker,
  refreshQueue,
  webhooks,
  auditLog,
  sweepMinutes,
}: Watched): Record<string, AlarmRow> {
  const { auth, verifications, 'anycheck-webhook': webhook } = api.lambdas;
  const callersOfAnyCheck = [worker, verifications];
  const { unswept: period, late: latest } = alarmThresholds(sweepMinutes);
  const span = period.toMinutes();
  // The service retries refused credentials after RETRY_CREDENTIALS_MS, and emits the metric again only then.
  const refusedPeriod = Duration.millis(RETRY_CREDENTIALS_MS.login).plus(period);
  // The backoff of a group that fails by itself ends at 15 minutes, or at AnyCheck's `Retry-After` of at most an hour.
  // That of an announcement ends at 15 minutes, too.
  const stuckPeriod = Duration.millis(MAX_BACKOFF_MS).plus(period);
  const late = latest.toSeconds();

  return {
    CallsFail: {
      impact: `Callers: in ${span} minutes, at least ${MIN_FAILURES} calls and over 1 % of all calls were answered 5xx.`,
      runbook: 'API calls return 5xx',
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
        `Readers: in ${span} minutes, Lambda throttled at least ${MIN_FAILURES} reads, refreshes, sweeps or webhooks, because the ` +
        'account reached its concurrency limit. Reads return 503, and groups and webhooks are late.',
      runbook: 'Lambda throttles functions',
      metric: filledSum(
        Object.fromEntries(
          [verifications, worker, sweep, webhooks.dispatch, webhooks.deliver].map(({ fn }, i) => [
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
      impact: `Readers: no sweep completed in ${span} minutes. The schedule refreshes no group.`,
      runbook: 'No sweep completes',
      metric: total('Sweeps', [sweep], period),
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: BREACHING,
    },
    NotRefreshed: {
      impact:
        `Readers: for ${span} minutes, refreshes failed or every sweep found due groups, and no group was refreshed. ` +
        'Reads return snapshots with their age, and 503 for unknown groups.',
      runbook: 'Reads return 503, or groups stop changing',
      // One sweep that found a due group is not enough, because a worker may refresh it a moment later. A group that
      // failed is not due at every sweep, because of its backoff, so the expression counts failures too.
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
        `Readers of due groups: for ${span} minutes, every sweep found a group that was due for more than ${late} s ` +
        `(${sweepMinutes} min between sweeps, ${SWEEP_AHEAD_SECONDS} s in the queue, ${REFRESH_TIMEOUT.toSeconds()} s of a refresh). ` +
        'Groups are also late while AnyCheck fails (the circuit is open), or while its rate limit is too low for them.',
      runbook: 'Refreshes are late',
      metric: emitted('OldestDueSeconds', sweep, period, 'Minimum'),
      threshold: late,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // Without sweeps the lateness is unknown: NotSwept raises its own alarm, and this one keeps its state.
      treatMissingData: IGNORE,
    },
    CredentialsRefused: {
      impact:
        'Readers: AnyCheck refuses the credentials. No group is refreshed, and reads of unknown groups return 503. ' +
        `The alarm clears up to ${refusedPeriod.toMinutes()} minutes after AnyCheck accepts them.`,
      runbook: 'New AnyCheck credentials',
      metric: total('CredentialsRefused', callersOfAnyCheck, refusedPeriod),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    CircuitOpened: {
      impact:
        'Readers: for minutes, or repeatedly, AnyCheck sent nothing usable, or refused the account: its balance is empty, or ' +
        'the usage limit of its plan is used up (QUOTA_EXCEEDED). The service calls it at most once in 10 seconds. ' +
        'Reads return snapshots with their age, and 503 for unknown groups.',
      runbook: 'Reads return 503, or groups stop changing',
      // The circuit opens after seconds and emits that once. A sweep that finds it open shows that it stayed open for
      // minutes.
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
        `Readers of the stuck groups: for ${Duration.millis(STUCK_AFTER_MS).toMinutes()} minutes, every refresh of such a group failed for a reason ` +
        'of its own. Reads return its snapshot with its age, or 503 where it has none.',
      runbook: 'A group keeps failing',
      metric: total('StuckRefreshes', callersOfAnyCheck, stuckPeriod),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    AnnouncementsLate: {
      impact:
        `Consumers of events: an event reached the event bus over ${late} s after its publish, or still waits for it. ` +
        'The service keeps the event until the bus accepts it. Reads and refreshes go on. ' +
        `The alarm clears up to ${stuckPeriod.toMinutes()} minutes after the last late event.`,
      runbook: 'Events are late',
      metric: emitted('AnnouncementDelaySeconds', worker, stuckPeriod, 'Maximum'),
      threshold: late,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: NOT_BREACHING,
    },
    ...webhookRows(webhooks, sweep, { period, late, stuckPeriod }),
    WebhooksUnusable: {
      impact:
        `Readers of reopened groups: in ${span} minutes, at least ${MIN_FAILURES} of AnyCheck’s webhooks had a wrong signature or ` +
        'named no group. The schedule refreshes all other groups.',
      runbook: 'Webhooks are unusable',
      metric: total('UnusableWebhooks', [webhook], period),
      threshold: MIN_FAILURES,
      treatMissingData: NOT_BREACHING,
    },
    ApiKeysNearEnd: {
      impact: `Callers with an API key: a key ends within ${NEAR_END}. After its end, every call with it is refused with 401.`,
      runbook: 'An API key ends soon',
      metric: emitted('ApiKeysNearEnd', sweep, period, 'Maximum'),
      threshold: 1,
      // The sweep emits it only where a key ends soon.
      treatMissingData: NOT_BREACHING,
    },
    ...(auth && {
      LoginsRefused: {
        impact:
          `Users with a login: in ${span} minutes, at least ${MIN_REFUSED_LOGINS} logins had a wrong email or password. An attacker ` +
          'may be guessing passwords, or a program has an old password.',
        runbook: 'Logins are refused',
        metric: total('RefusedLogins', [auth], period),
        threshold: MIN_REFUSED_LOGINS,
        treatMissingData: NOT_BREACHING,
      },
    }),
    DeadLetters: {
      impact:
        'Readers of the groups in the dead-letter queue: three workers crashed on a message, or could not store their result. ' +
        'Such a group stays scheduled, but may never be refreshed.',
      runbook: 'Dead letters',
      metric: visible(refreshQueue.deadLetters, period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    AuditLinesMissing: {
      impact:
        'Readers of the audit log: lines did not reach it. They are in its dead-letter queue for 14 days, or in the log of ' +
        'the function that wrote them until that log expires.',
      runbook: 'Audit lines are missing',
      metric: unstored(auditLog, period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    AuditLinesUndelivered: {
      impact:
        'Readers of the audit log: CloudWatch could not give lines to the function that stores them. They are in the log of ' +
        'the function that wrote them until that log expires.',
      runbook: 'Audit lines are missing',
      metric: undelivered(auditLog, period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
  };
}

/** Sums the dead letters, the failed writes to the dead-letter queue, and the malformed lines. */
function unstored({ forwarder, deadLetters }: AuditLog, period: Duration) {
  const metrics: Record<string, IMetric> = {
    deadLetters: visible(deadLetters, period),
    deadLetterErrors: forwarder.fn.metric('DeadLetterErrors', { statistic: 'Sum', period }),
    malformed: emitted('MalformedAuditLines', forwarder, period, 'Sum'),
  };
  return filledSum(metrics, period);
}

/** Sums the failed deliveries of each log group, in an alarm of its own: CloudWatch takes ten metrics to an alarm. */
function undelivered(auditLog: AuditLog, period: Duration) {
  const metrics = auditLog.deliveryErrors(period).map((metric, i) => [`deliveryErrors${i}`, metric] as const);
  return filledSum(Object.fromEntries(metrics), period);
}
