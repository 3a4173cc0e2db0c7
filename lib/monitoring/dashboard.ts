import { Duration } from 'aws-cdk-lib';
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
import { emitted, total } from './metrics.ts';
import type { Watched } from './watched.ts';

const PERIOD = Duration.minutes(5);
/** Of 24: two widgets stand side by side. */
const WIDTH = 12;

const TEXT = `From the top: do alarms ring, do callers get answers, are those fresh, are groups looked at in time, and if not, why?
Each alarm's description names its heading of \`docs/runbook.md\`. **Due** is the backlog up to what one sweep queues; beyond that, the
oldest group's lateness tells. Reads are counted in each environment and told every 10 seconds: of a burst the last few may be missing.`;

/** What an operator asks, in that order: one dashboard, called like the stack. */
export function dashboard(
  scope: Construct,
  name: string,
  { watched, alarms }: { readonly watched: Watched; readonly alarms: readonly IAlarm[] },
): Dashboard {
  return new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    widgets: [
      [new TextWidget({ markdown: TEXT, width: 2 * WIDTH, height: 3 })],
      [new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 2 * WIDTH, height: 3 })],
      ...pairs(widgets(watched)),
    ],
  });
}

const pairs = (all: readonly IWidget[]): IWidget[][] =>
  Array.from({ length: Math.ceil(all.length / 2) }, (_, i) => all.slice(2 * i, 2 * i + 2));

function widgets({ api, sweep, worker, refreshQueue, auditLog, table }: Watched): IWidget[] {
  const { auth, verifications, webhook } = api.lambdas;
  const askers = [worker, verifications];
  const every = [...new Set([...Object.values(api.lambdas), sweep, worker, auditLog.forwarder])];
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
      'How old is what is read, in seconds? (right: from what was there, and after asking)',
      ['p50', 'p90', 'p99'].map((part) => labelled(part, emitted('ServedAgeSeconds', verifications, PERIOD, part))),
      [summed('ReadHits', [verifications]), summed('ReadMisses', [verifications])],
    ),
    graph(
      'How late is the oldest due group, in seconds? (right: due, and queued)',
      [emitted('OldestDueSeconds', sweep, PERIOD, 'Maximum')],
      [emitted('Due', sweep, PERIOD, 'Maximum'), visible('queued', refreshQueue.queue)],
    ),
    graph('What do looks find?', [
      summed('Published', askers),
      summed('Unchanged', askers),
      summed('FailedRefreshes', askers),
      summed('StuckRefreshes', askers),
      summed('UnknownStatuses', askers),
    ]),
    graph('Why do looks fail?', askers.map(byReason)),
    graph(
      'How is AnyCheck? (right: what holds everybody back)',
      [summed('AnyCheckCalls', askers), summed('AnyCheckRefusals', askers), summed('AnyCheckLogins', askers)],
      [
        summed('FoundOpen', [sweep]),
        summed('CircuitOpened', askers),
        summed('CredentialsRefused', askers),
        summed('RateLimited', askers),
      ],
    ),
    graph('What was set aside?', [
      visible('groups', refreshQueue.deadLetters),
      visible('audit lines', auditLog.deadLetters),
      summed('MalformedAuditLines', [auditLog.forwarder]),
    ]),
    graph('What comes in?', [
      ...(auth ? [summed('Logins', [auth]), summed('RefusedLogins', [auth])] : []),
      summed('UnusableWebhooks', [webhook]),
    ]),
    graph(
      'Which functions fail? (right: are turned away)',
      every.flatMap((one) => (one ? [one.fn.metricErrors({ period: PERIOD, label: one.node.id })] : [])),
      [verifications, worker, sweep].map(({ fn, node }) => fn.metricThrottles({ period: PERIOD, label: node.id })),
    ),
    graph(
      'Does the table turn requests away?',
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

const visible = (label: string, queue: Queue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: PERIOD, label });

/** Whichever reasons there are: those that don't occur cost nothing. */
const byReason = ({ fn, node }: Lambda) =>
  new SearchExpression({
    expression: `SEARCH('{${NAMESPACE},FunctionName,reason} MetricName="FailedRefreshes" FunctionName="${fn.functionName}"', 'Sum', ${PERIOD.toSeconds()})`,
    label: node.id,
    period: PERIOD,
  });
