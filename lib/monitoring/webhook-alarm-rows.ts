import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Lambda } from '../lambda.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import type { AlarmRow } from './alarm-row.ts';
import { emitted, total, visible } from './metrics.ts';

const { BREACHING, NOT_BREACHING } = TreatMissingData;

/** How long an endpoint may fail before an alarm goes off. A deployment of its receiver takes less. */
const FAILING = Duration.hours(1);

interface Periods {
  /** In which several sweeps complete. */
  readonly period: Duration;
  /** Seconds that the schedule explains. */
  readonly late: number;
  /** In which a failing endpoint has an upkeep. */
  readonly stuckPeriod: Duration;
}

/** The alarms of webhooks, by name. */
export function webhookRows(webhooks: Webhooks, sweep: Lambda, { period, late, stuckPeriod }: Periods) {
  const { deliver, rule, dispatchQueue, deliverQueue } = webhooks;
  const span = period.toMinutes();
  const deadLetters = { threshold: 1, treatMissingData: NOT_BREACHING };
  return {
    DeliveriesLate: {
      impact:
        `Consumers of webhooks: for ${span} minutes, every sweep found a delivery that was due for more than ${late} s, or no ` +
        'sweep could queue deliveries. Deliveries to an endpoint that fails are not due while they wait for it.',
      runbook: 'Webhooks are late',
      metric: emitted('OldestDeliverySeconds', sweep, period, 'Minimum'),
      threshold: late,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      // A sweep that fails at deliveries alone emits nothing of them, and completes all the same.
      treatMissingData: BREACHING,
    },
    EndpointFailing: {
      impact:
        `Consumers of webhooks at one endpoint or more: for ${FAILING.toMinutes()} minutes, no delivery to it has succeeded. ` +
        'The service keeps the deliveries for three days, and disables the endpoint after five.',
      runbook: 'A webhook endpoint fails',
      metric: emitted('FailingEndpointSeconds', deliver, stuckPeriod, 'Maximum'),
      threshold: FAILING.toSeconds(),
      treatMissingData: NOT_BREACHING,
    },
    EndpointDisabled: {
      impact:
        'Consumers of webhooks at one endpoint or more: the service disabled it, because it failed for five days or answered ' +
        `410. It gets no more events until an admin enables it. The alarm clears after ${span} minutes.`,
      runbook: 'A webhook endpoint is disabled',
      metric: total('DisabledEndpoints', [deliver], period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    WebhookSecretsUnreadable: {
      impact:
        'Consumers of webhooks at one endpoint or more: the service cannot read the signing secrets, so it sends nothing. It ' +
        `keeps the deliveries, and tries again each minute. The alarm clears after ${span} minutes.`,
      runbook: 'Signing secrets are unreadable',
      metric: total('UnreadableSecrets', [deliver], period),
      threshold: 1,
      treatMissingData: NOT_BREACHING,
    },
    RuleDeadLetters: {
      impact:
        'Consumers of webhooks: EventBridge could not send events to the queue of the dispatch function. No endpoint got them. ' +
        'They are in a dead-letter queue for 14 days.',
      runbook: 'Dead letters of webhooks',
      metric: visible(rule.deadLetters, period),
      ...deadLetters,
    },
    DispatchDeadLetters: {
      impact:
        'Consumers of webhooks: the dispatch of events failed repeatedly. Some endpoints did not get them. They are in a ' +
        'dead-letter queue for 14 days.',
      runbook: 'Dead letters of webhooks',
      metric: visible(dispatchQueue.deadLetters, period),
      ...deadLetters,
    },
    DeliverDeadLetters: {
      impact:
        'Consumers of webhooks: deliveries ended their function three times, or could not be recorded. The service queues such ' +
        'a delivery again, but it may never succeed.',
      runbook: 'Dead letters of webhooks',
      metric: visible(deliverQueue.deadLetters, period),
      ...deadLetters,
    },
  } satisfies Record<string, AlarmRow>;
}
