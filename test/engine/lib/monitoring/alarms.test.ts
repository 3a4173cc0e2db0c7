import { readFileSync } from 'node:fs';
import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { METRICS, NAMESPACE } from '../../../../functions/runtime/log/log.ts';
import { templateOf } from '../../../fakes/template.ts';

const TOPIC = 'arn:aws:sns:ap-southeast-3:123456789012:on-call';

const Stat = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })),
});
const Query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  MetricStat: z.object({ Metric: Stat, Period: z.number(), Stat: z.string() }).optional(),
});
const Alarm = z.looseObject({ ...Stat.partial().shape, Metrics: z.array(Query).default([]) });
type Alarm = z.infer<typeof Alarm>;

/** The alarms by the names that the stack gives them. */
function alarmsOf(template: Template): Map<string, Alarm> {
  const found = Object.entries(template.findResources('AWS::CloudWatch::Alarm'));
  return new Map(
    found.map(([id, { Properties }]) => [id.replace(/^Alarms(.+)[0-9A-F]{8}$/, '$1'), Alarm.parse(Properties)]),
  );
}

let template: Template;
let alarms: Map<string, Alarm>;
beforeAll(() => {
  template = templateOf();
  alarms = alarmsOf(template);
});

/** A function's or a queue's logical id, by how it begins. */
const idOf = (type: string, beginning: string) =>
  Object.keys(template.findResources(type)).find((id) => id.startsWith(beginning)) ?? '';
const byFunction = (name: string) => [
  { Name: 'FunctionName', Value: { Ref: idOf('AWS::Lambda::Function', `${name}Function`) } },
];
/** What of our own an alarm stands on: metric, statistic, period in seconds, function. */
const standsOn = (name: string) =>
  (alarms.get(name)?.Metrics ?? []).flatMap(({ MetricStat }) =>
    MetricStat
      ? [[MetricStat.Metric.MetricName, MetricStat.Stat, MetricStat.Period, MetricStat.Metric.Dimensions]]
      : [],
  );
const expressions = (name: string, of = alarms) =>
  (of.get(name)?.Metrics ?? []).flatMap(({ Expression }) => Expression ?? []);

/** What of AWS's own an alarm stands on: namespace, metric, statistic and dimensions. */
const standsOnAws = (name: string) =>
  (alarms.get(name)?.Metrics ?? []).flatMap(({ MetricStat }) => {
    if (!MetricStat || MetricStat.Metric.Namespace === NAMESPACE) return [];
    const { Namespace, MetricName, Dimensions } = MetricStat.Metric;
    const values = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    return [[Namespace, MetricName, MetricStat.Stat, values]];
  });

const AT_LEAST = 'GreaterThanOrEqualToThreshold';

describe('an alarm', () => {
  it('reports that nothing was swept for five minutes, also where the metric has no data', () => {
    expect(standsOn('NotSwept')).toEqual([['Sweeps', 'Sum', 300, byFunction('Sweep')]]);
    expect(expressions('NotSwept')).toEqual(['FILL(sweeps0, 0)']);
    expect(alarms.get('NotSwept')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('reports that nothing was refreshed, by either function, while groups were due or refreshes failed', () => {
    expect(standsOn('NotRefreshed')).toEqual([
      ['Due', 'Minimum', 300, byFunction('Sweep')],
      ['FailedRefreshes', 'Sum', 300, byFunction('Refresh')],
      ['FailedRefreshes', 'Sum', 300, byFunction('Verifications')],
      ['Refreshed', 'Sum', 300, byFunction('Refresh')],
      ['Refreshed', 'Sum', 300, byFunction('Verifications')],
    ]);
    expect(expressions('NotRefreshed')).toEqual([
      'IF((due > 0 OR failed > 1) AND refreshed < 1, 1, 0)',
      'FILL(due0, 0)',
      'FILL(failedRefreshes0, 0) + FILL(failedRefreshes1, 0)',
      'FILL(refreshed0, 0) + FILL(refreshed1, 0)',
    ]);
    expect(alarms.get('NotRefreshed')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });

  it('reports that at every sweep a group was later than a sweep, the queue and a refresh explain', () => {
    expect(alarms.get('Late')).toMatchObject({
      Namespace: NAMESPACE,
      MetricName: 'OldestDueSeconds',
      Dimensions: byFunction('Sweep'),
      Statistic: 'Minimum',
      Period: 300,
      Threshold: 300,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
      AlarmDescription: expect.stringContaining('circuit is open'),
    });
  });

  it('reports that AnyCheck refuses the credentials for as long as they are only tried every 15 minutes', () => {
    expect(standsOn('CredentialsRefused')).toEqual([
      ['CredentialsRefused', 'Sum', 1200, byFunction('Refresh')],
      ['CredentialsRefused', 'Sum', 1200, byFunction('Verifications')],
    ]);
    expect(alarms.get('CredentialsRefused')).toMatchObject({
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });

  it('reports that AnyCheck fails once a sweep found the circuit open, and for as long as sweeps do', () => {
    expect(standsOn('CircuitOpened')).toEqual([
      ['CircuitOpened', 'Sum', 300, byFunction('Refresh')],
      ['CircuitOpened', 'Sum', 300, byFunction('Verifications')],
      ['FoundOpen', 'Sum', 300, byFunction('Sweep')],
    ]);
    expect(expressions('CircuitOpened')[0]).toBe('opened + open');
    expect(alarms.get('CircuitOpened')).toMatchObject({
      Threshold: 2,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });

  it('reports calls that were answered 5xx, above a number and a share of all', () => {
    const ApiId = { Ref: idOf('AWS::ApiGatewayV2::Api', 'Api') };
    expect(standsOnAws('CallsFail')).toEqual([
      ['AWS/ApiGateway', '5xx', 'Sum', { ApiId }],
      ['AWS/ApiGateway', 'Count', 'Sum', { ApiId }],
    ]);
    expect(expressions('CallsFail')).toEqual([
      'IF(failed >= 5 AND failed > calls / 100, 1, 0)',
      'FILL(failed0, 0)',
      'FILL(calls0, 0)',
    ]);
    expect(alarms.get('CallsFail')).toMatchObject({ Threshold: 1, ComparisonOperator: AT_LEAST });
  });

  it('reports reads, refreshes, sweeps and webhooks that Lambda turned away', () => {
    expect(standsOnAws('Throttled')).toEqual(
      ['Verifications', 'Refresh', 'Sweep', 'Dispatch', 'Deliver'].map((name) => {
        const FunctionName = { Ref: idOf('AWS::Lambda::Function', `${name}Function`) };
        return ['AWS/Lambda', 'Throttles', 'Sum', { FunctionName }];
      }),
    );
    expect(alarms.get('Throttled')).toMatchObject({ Threshold: 5, ComparisonOperator: AT_LEAST });
  });

  it('reports a group that fails by itself for as long as it is only tried every 15 minutes', () => {
    expect(standsOn('GroupStuck')).toEqual([
      ['StuckRefreshes', 'Sum', 1200, byFunction('Refresh')],
      ['StuckRefreshes', 'Sum', 1200, byFunction('Verifications')],
    ]);
    expect(alarms.get('GroupStuck')).toMatchObject({ Threshold: 1, ComparisonOperator: AT_LEAST });
  });

  it('reports events that reach the bus later than a sweep, the queue and a refresh explain, or not at all', () => {
    expect(alarms.get('AnnouncementsLate')).toMatchObject({
      Namespace: NAMESPACE,
      MetricName: 'AnnouncementDelaySeconds',
      Dimensions: byFunction('Refresh'),
      Statistic: 'Maximum',
      // A failed announcement is tried again every 15 minutes at last.
      Period: 1200,
      Threshold: 300,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  });

  it('reports that at every sweep a delivery was later than the schedule explains, also where no sweep emits that', () => {
    expect(alarms.get('DeliveriesLate')).toMatchObject({
      Namespace: NAMESPACE,
      MetricName: 'OldestDeliverySeconds',
      Dimensions: byFunction('Sweep'),
      Statistic: 'Minimum',
      Period: 300,
      Threshold: 300,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('reports an endpoint that has failed for an hour, for as long as its upkeeps say so', () => {
    expect(alarms.get('EndpointFailing')).toMatchObject({
      Namespace: NAMESPACE,
      MetricName: 'FailingEndpointSeconds',
      Dimensions: byFunction('Deliver'),
      Statistic: 'Maximum',
      Period: 1200,
      Threshold: 3600,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });

  it('reports an endpoint that the service disabled', () => {
    expect(standsOn('EndpointDisabled')).toEqual([['DisabledEndpoints', 'Sum', 300, byFunction('Deliver')]]);
    expect(alarms.get('EndpointDisabled')).toMatchObject({ Threshold: 1, ComparisonOperator: AT_LEAST });
    expect(standsOn('WebhookSecretsUnreadable')).toEqual([['UnreadableSecrets', 'Sum', 300, byFunction('Deliver')]]);
  });

  it('reports webhooks of AnyCheck that could not be used, and many wrong passwords', () => {
    expect(standsOn('WebhooksUnusable')).toEqual([['UnusableWebhooks', 'Sum', 300, byFunction('Webhook')]]);
    expect(alarms.get('WebhooksUnusable')).toMatchObject({ Threshold: 5, ComparisonOperator: AT_LEAST });
    expect(standsOn('LoginsRefused')).toEqual([['RefusedLogins', 'Sum', 300, byFunction('Auth')]]);
    expect(alarms.get('LoginsRefused')).toMatchObject({ Threshold: 50, ComparisonOperator: AT_LEAST });
  });

  it('reports API keys that end soon, for as long as sweeps find them', () => {
    expect(alarms.get('ApiKeysNearEnd')).toMatchObject({
      Namespace: NAMESPACE,
      MetricName: 'ApiKeysNearEnd',
      Dimensions: byFunction('Sweep'),
      Statistic: 'Maximum',
      Period: 300,
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });

  it('of logins is there where logins are ours alone', () => {
    const foreign = templateOf({ oidc_issuer: 'https://login.example.com', oidc_audience: 'snapshots' });
    expect([...alarms.keys()].filter((name) => !alarmsOf(foreign).has(name))).toEqual(['LoginsRefused']);
  });

  it.each([
    ['DeadLetters', 'RefreshQueueDeadLetters'],
    ['RuleDeadLetters', 'DispatchRuleDeadLetters'],
    ['DispatchDeadLetters', 'DispatchQueueDeadLetters'],
    ['DeliverDeadLetters', 'DeliverQueueDeadLetters'],
  ])('reports messages that were set aside: %s', (name, deadLetters) => {
    const queue = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', deadLetters), 'QueueName'] };
    expect(alarms.get(name)).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: queue }],
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the alarms of the audit log', () => {
  const filled = (name: string) => {
    const ids = alarms.get(name)?.Metrics.flatMap(({ Id, MetricStat }) => (MetricStat ? [Id] : []));
    return [ids?.map((id) => `FILL(${id}, 0)`).join(' + ')];
  };

  it('report lines that were set aside, could not be, or were none', () => {
    const fn = idOf('AWS::Lambda::Function', 'AuditForwarder');
    const queue = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'AuditDeadLetters'), 'QueueName'] };
    expect(standsOnAws('AuditLinesMissing')).toEqual([
      ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum', { QueueName: queue }],
      ['AWS/Lambda', 'DeadLetterErrors', 'Sum', { FunctionName: { Ref: fn } }],
    ]);
    expect(standsOn('AuditLinesMissing')).toContainEqual([
      'MalformedAuditLines',
      'Sum',
      300,
      byFunction('AuditForwarder'),
    ]);
    expect(expressions('AuditLinesMissing')).toEqual(filled('AuditLinesMissing'));
  });

  it('report lines that did not leave one of the log groups', () => {
    const filters = Object.values(template.findResources('AWS::Logs::SubscriptionFilter'));
    expect(filters.length).toBeGreaterThan(1);
    for (const { Properties } of filters) expect(Properties.FilterName).toBe('audit');
    const all = filters.map(({ Properties: { LogGroupName } }) => [
      'AWS/Logs',
      'DeliveryErrors',
      'Sum',
      { LogGroupName, DestinationType: 'Lambda', FilterName: 'audit' },
    ]);
    expect(standsOnAws('AuditLinesUndelivered')).toHaveLength(all.length);
    expect(standsOnAws('AuditLinesUndelivered')).toEqual(expect.arrayContaining(all));
    expect(expressions('AuditLinesUndelivered')).toEqual(filled('AuditLinesUndelivered'));
  });

  it.each(['AuditLinesMissing', 'AuditLinesUndelivered'])('ring at one line: %s', (name) => {
    expect(alarms.get(name)).toMatchObject({
      Threshold: 1,
      ComparisonOperator: AT_LEAST,
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('all alarms', () => {
  it('are these', () => {
    expect([...alarms.keys()].sort()).toEqual([
      'AnnouncementsLate',
      'ApiKeysNearEnd',
      'AuditLinesMissing',
      'AuditLinesUndelivered',
      'CallsFail',
      'CircuitOpened',
      'CredentialsRefused',
      'DeadLetters',
      'DeliverDeadLetters',
      'DeliveriesLate',
      'DispatchDeadLetters',
      'EndpointDisabled',
      'EndpointFailing',
      'GroupStuck',
      'Late',
      'LoginsRefused',
      'NotRefreshed',
      'NotSwept',
      'RuleDeadLetters',
      'Throttled',
      'WebhookSecretsUnreadable',
      'WebhooksUnusable',
    ]);
  });

  it('judge one span, state the impact, and name a heading of the runbook', () => {
    for (const alarm of alarms.values()) {
      expect(alarm.EvaluationPeriods).toBe(1);
      expect(alarm.AlarmDescription).toMatch(
        /^(Callers|Consumers|Readers|Users)[^:]*: .+ What to do: "[A-Z][^"]+" in docs\/runbook\.md\.$/,
      );
      expect(String(alarm.AlarmDescription).length).toBeLessThanOrEqual(1024);
    }
  });

  it('have a section of the runbook each, that says what they mean, how to see more, what to do, and when it is over', () => {
    const [, ...sections] = readFileSync('docs/runbook.md', 'utf8').split(/^## /m);
    const byHeading = new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]));
    for (const { AlarmDescription } of alarms.values()) {
      const heading = /What to do: "([^"]+)"/.exec(String(AlarmDescription))?.[1] ?? '';
      expect([...byHeading.keys()]).toContain(heading);
      for (const part of ['Means', 'See more', 'Do', 'Over']) expect(byHeading.get(heading)).toContain(`**${part}.**`);
    }
  });

  it('stand on metrics that the functions know, by function, in whatever unit they are', () => {
    const stats = [...alarms.values()].flatMap(({ Namespace, MetricName, Dimensions, Metrics }) => [
      ...Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : [])),
      ...(Namespace && MetricName && Dimensions ? [{ Namespace, MetricName, Dimensions }] : []),
    ]);
    const own = stats.filter(({ Namespace }) => Namespace === NAMESPACE);
    const others = stats.filter(({ Namespace }) => Namespace !== NAMESPACE);
    expect([...new Set(others.map(({ Namespace }) => Namespace))].sort()).toEqual([
      'AWS/ApiGateway',
      'AWS/Lambda',
      'AWS/Logs',
      'AWS/SQS',
    ]);
    for (const { MetricName, Dimensions } of own) {
      expect(Object.keys(METRICS)).toContain(MetricName);
      expect(Dimensions).toEqual([{ Name: 'FunctionName', Value: { Ref: expect.any(String) } }]);
    }
    expect(JSON.stringify([...alarms.values()])).not.toContain('"Unit"');
  });

  it('notify the topic that the settings name when they begin and end, and no topic where they name none', () => {
    for (const alarm of alarms.values()) {
      for (const key of ['AlarmActions', 'OKActions', 'InsufficientDataActions']) expect(alarm).not.toHaveProperty(key);
    }
    const notifying = alarmsOf(templateOf({ alarm_topic_arn: TOPIC }));
    expect(notifying.size).toBe(alarms.size);
    for (const alarm of notifying.values()) {
      expect(alarm).toMatchObject({ AlarmActions: [TOPIC], OKActions: [TOPIC] });
    }
  });

  it('wait for two sweeps where those are rare, since one that is lost is made up for by the next', () => {
    const rare = alarmsOf(templateOf({ sweep_minutes: 10 }));
    const periods = (name: string) => [
      ...new Set(rare.get(name)?.Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])),
    ];
    expect(periods('NotSwept')).toEqual([21 * 60]);
    expect(periods('NotRefreshed')).toEqual([21 * 60]);
    expect(periods('CredentialsRefused')).toEqual([36 * 60]);
    expect(rare.get('Late')).toMatchObject({ Period: 21 * 60, Threshold: 10 * 60 + 240 });
    expect(rare.get('DeliveriesLate')).toMatchObject({ Period: 21 * 60, Threshold: 10 * 60 + 240 });
    expect(rare.get('AnnouncementsLate')).toMatchObject({ Period: 36 * 60, Threshold: 10 * 60 + 240 });
  });
});
