import { Duration, Stack } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  Metric,
  SearchExpression,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { type Metric as MetricName, NAMESPACE } from '../../functions/runtime/log/log.ts';
import type { Lambda } from '../lambda.ts';
import { emitted, total, visible } from './metrics.ts';
import type { Watched } from './watched.ts';

const PERIOD = Duration.minutes(5);
/** Of 24 columns, so two widgets share a row. */
const WIDTH = 12;

const TEXT = `Read it from the top: alarms, answers to callers, freshness of snapshots, punctuality of refreshes, events and webhooks, causes of failures.
Each alarm's description names its section of \`docs/runbook.md\`. **Due** counts due groups up to the number that one sweep queues; the
oldest group's lateness shows a larger backlog. Each function instance emits its count of reads every 10 seconds, so the last reads of a burst may be missing.`;

/**
 * One dashboard with the stack's name. Its widgets answer an operator's questions in the order of their importance.
 * @returns its address in the console.
 */
export function dashboard(
  scope: Construct,
  name: string,
  { watched, alarms }: { readonly watched: Watched; readonly alarms: readonly IAlarm[] },
): string {
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    widgets: [
      [new TextWidget({ markdown: TEXT, width: 2 * WIDTH, height: 3 })],
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 2 * WIDTH, height: 3 })],
      ...pairs(widgets(watched)),
    ],
  });
  const { region } = Stack.of(scope);
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
}

const pairs = (all: readonly IWidget[]): IWidget[][] =>
  Array.from({ length: Math.ceil(all.length / 2) }, (_, i) => all.slice(2 * i, 2 * i + 2));

function widgets({ api, sweep, worker, refreshQueue, webhooks, auditLog, table }: Watched): IWidget[] {
  const { auth, verifications, groups, history, 'anycheck-webhook': webhook } = api.lambdas;
  const { dispatch, deliver, rule, dispatchQueue, deliverQueue } = webhooks;
  const anycheckCallers = [worker, verifications];
  const every = [...new Set([...Object.values(api.lambdas), sweep, worker, dispatch, deliver, auditLog.forwarder])];
  return [
    graph(
      'Do callers get answers?',
      [
        labelled('calls', api.metric('Count', PERIOD, 'Sum')),
        api.metric('4xx', PERIOD, 'Sum'),
        api.metric('5xx', PERIOD, 'Sum'),
      ],
      ['p50', 'p99'].map((part) => labelled(`${part} ms`, api.metric('Latency', PERIOD, part))),
    ),
    graph(
      'How old are the snapshots that readers get, in seconds? (right: reads from the table, reads that fetched)',
      ['p50', 'p90', 'p99'].map((part) => labelled(part, emitted('ServedAgeSeconds', verifications, PERIOD, part))),
      [summed('ReadHits', [verifications]), summed('ReadMisses', [verifications])],
    ),
    graph(
      'How late is the oldest due group, in seconds? (right: due and queued groups)',
      [emitted('OldestDueSeconds', sweep, PERIOD, 'Maximum')],
      [emitted('Due', sweep, PERIOD, 'Maximum'), waiting('queued', refreshQueue.queue)],
    ),
    graph(
      'How late do events reach the bus, in seconds? (right: events, failed attempts)',
      ['p50', 'p99', 'Maximum'].map((part) =>
        labelled(part.toLowerCase(), emitted('AnnouncementDelaySeconds', worker, PERIOD, part)),
      ),
      [summed('Announced', [worker]), summed('FailedAnnouncements', [worker])],
    ),
    graph(
      'How late are webhooks delivered, in seconds? (right: attempts, failed ones)',
      ['p50', 'p99', 'Maximum'].map((part) =>
        labelled(part.toLowerCase(), emitted('DeliveryDelaySeconds', deliver, PERIOD, part)),
      ),
      [summed('Deliveries', [deliver]), summed('FailedDeliveries', [deliver])],
    ),
    graph(
      'How long do webhooks wait and endpoints fail, in seconds? (right: what waits, disabled endpoints)',
      [
        labelled('oldest due delivery', emitted('OldestDeliverySeconds', sweep, PERIOD, 'Maximum')),
        labelled('failing endpoint', emitted('FailingEndpointSeconds', deliver, PERIOD, 'Maximum')),
      ],
      [
        emitted('DueDeliveries', sweep, PERIOD, 'Maximum'),
        waiting('events to dispatch', dispatchQueue.queue),
        waiting('deliveries', deliverQueue.queue),
        summed('DisabledEndpoints', [deliver]),
        summed('UnreadableSecrets', [deliver]),
      ],
    ),
    graph('What do refreshes find?', [
      summed('Published', anycheckCallers),
      summed('Unchanged', anycheckCallers),
      summed('FailedRefreshes', anycheckCallers),
      summed('StuckRefreshes', anycheckCallers),
      summed('UnknownStatuses', anycheckCallers),
    ]),
    graph('Why do refreshes fail?', anycheckCallers.map(byReason)),
    graph(
      'How does AnyCheck respond? (right: what pauses the whole fleet)',
      [
        summed('AnyCheckCalls', anycheckCallers),
        summed('AnyCheckRefusals', anycheckCallers),
        summed('AnyCheckLogins', anycheckCallers),
      ],
      [
        summed('FoundOpen', [sweep]),
        summed('CircuitOpened', anycheckCallers),
        summed('CredentialsRefused', anycheckCallers),
        summed('RateLimited', anycheckCallers),
      ],
    ),
    graph('What is in the dead-letter queues?', [
      waiting('groups', refreshQueue.deadLetters),
      waiting('events of the rule', rule.deadLetters),
      waiting('events to dispatch', dispatchQueue.deadLetters),
      waiting('deliveries', deliverQueue.deadLetters),
      waiting('audit lines', auditLog.deadLetters),
      summed('MalformedAuditLines', [auditLog.forwarder]),
    ]),
    graph('Which logins, API keys and webhooks of AnyCheck come in or are refused, and which keys end soon?', [
      ...(auth ? [summed('Logins', [auth]), summed('RefusedLogins', [auth])] : []),
      summed('RefusedApiKeys', [verifications, groups, history]),
      summed('UnusableWebhooks', [webhook]),
      emitted('ApiKeysNearEnd', sweep, PERIOD, 'Maximum'),
    ]),
    graph(
      'Which functions fail? (right: are throttled)',
      every.flatMap((one) => (one ? [one.fn.metricErrors({ period: PERIOD, label: one.node.id })] : [])),
      [verifications, worker, sweep, dispatch, deliver].map(({ fn, node }) =>
        fn.metricThrottles({ period: PERIOD, label: node.id }),
      ),
    ),
    graph(
      'Does the table throttle requests?',
      ['ReadThrottleEvents', 'WriteThrottleEvents'].map(
        (metricName) =>
          new Metric({
            namespace: 'AWS/DynamoDB',
            metricName,
            dimensionsMap: { TableName: table.tableName },
            statistic: 'Sum',
            period: PERIOD,
          }),
      ),
    ),
  ];
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: WIDTH, leftYAxis: { min: 0 }, rightYAxis: { min: 0 } });

const labelled = (label: string, metric: Metric) => metric.with({ label });

const summed = (name: MetricName, lambdas: readonly Lambda[]) => total(name, lambdas, PERIOD).with({ label: name });

const waiting = (label: string, queue: Queue) => labelled(label, visible(queue, PERIOD));

/** One line per reason that occurred. A search needs no metric for reasons that never occur. */
const byReason = ({ fn, node }: Lambda) =>
  new SearchExpression({
    expression: `SEARCH('{${NAMESPACE},FunctionName,reason} MetricName="FailedRefreshes" FunctionName="${fn.functionName}"', 'Sum', ${PERIOD.toSeconds()})`,
    label: node.id,
    period: PERIOD,
  });
