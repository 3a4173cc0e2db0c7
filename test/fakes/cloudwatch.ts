import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import * as z from 'zod';
import type { Resource } from '../../lib/local/template/stack.ts';

const Stat = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
const Query = z.object({
  Id: z.string(),
  Expression: z.string().optional(),
  ReturnData: z.boolean().default(true),
  MetricStat: z.object({ Metric: Stat, Period: z.number(), Stat: z.string() }).optional(),
});
const Alarm = z.object({
  ...Stat.partial().shape,
  Statistic: z.string().optional(),
  Period: z.number().optional(),
  Metrics: z.array(Query).optional(),
  Threshold: z.number(),
  ComparisonOperator: z.enum([
    'LessThanThreshold',
    'GreaterThanThreshold',
    'GreaterThanOrEqualToThreshold',
    'LessThanOrEqualToThreshold',
  ]),
  EvaluationPeriods: z.literal(1),
  TreatMissingData: z.string(),
});
type Alarm = z.infer<typeof Alarm>;

const Line = z.looseObject({
  _aws: z.object({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
});

/** One, or several at once. */
const Values = z.union([z.number().transform((value) => [value]), z.array(z.number()).min(1).max(100)]);

/** Values of a metric as they were emitted. Its identity is namespace, name and dimensions together, as in CloudWatch. */
export interface Emitted {
  readonly metric: string;
  readonly at: number;
  readonly values: readonly number[];
}

export const identity = (namespace: string, name: string, dimensions: Readonly<Record<string, unknown>>) =>
  JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);

const Identity = z.tuple([z.string(), z.string(), z.array(z.tuple([z.string(), z.string()]))]);

/** The metrics in a function's log (embedded metric format). */
function valuesIn(logFile: string): Emitted[] {
  return readFileSync(logFile, 'utf8')
    .split('\n')
    .flatMap((text) => {
      const json = text.slice(text.indexOf('{'));
      if (!json.includes('"_aws"') || !json.endsWith('}')) return [];
      const line = Line.parse(JSON.parse(json));
      return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name }) => ({
            metric: identity(Namespace, Name, Object.fromEntries(names.map((one) => [one, line[one]]))),
            at: line._aws.Timestamp,
            values: Values.parse(line[Name]),
          })),
        ),
      );
    });
}

/**
 * CloudWatch as far as the template's alarms need it: what the functions' logs hold, judged by an alarm as the template
 * states it.
 * @param minute ms that a minute of an alarm's period lasts here. @param aws what AWS itself would have emitted.
 */
export function cloudWatch(
  alarms: readonly Resource[],
  logFiles: readonly string[],
  minute: number,
  aws: readonly Emitted[] = [],
) {
  const known = new Map(alarms.map((one) => [one.logicalId, one.properties(Alarm)]));

  function statistic(stat: z.infer<typeof Stat>, period: number, kind: string): number | undefined {
    const dimensions = Object.fromEntries(stat.Dimensions.map(({ Name, Value }) => [Name, Value]));
    const metric = identity(stat.Namespace, stat.MetricName, dimensions);
    const since = Date.now() - (period / 60) * minute;
    const values = [...logFiles.flatMap(valuesIn), ...aws].filter((one) => one.metric === metric && one.at >= since);
    if (values.length === 0) return undefined;
    const numbers = values.flatMap((one) => one.values);
    if (kind === 'Sum') return numbers.reduce((a, b) => a + b, 0);
    if (kind === 'Minimum') return Math.min(...numbers);
    if (kind === 'Maximum') return Math.max(...numbers);
    throw new Error(`the statistic ${kind} is not known here`);
  }

  function judged(alarm: Alarm): number | undefined {
    const { Metrics, Namespace = '', MetricName = '', Dimensions = [], Period = 60, Statistic = '' } = alarm;
    if (!Metrics) return statistic({ Namespace, MetricName, Dimensions }, Period, Statistic);
    const byId = (id: string): unknown => {
      const query = Metrics.find((one) => one.Id === id);
      if (query?.MetricStat) return statistic(query.MetricStat.Metric, query.MetricStat.Period, query.MetricStat.Stat);
      return expression(query?.Expression ?? '');
    };
    const expression = (text: string): unknown => {
      const ids = Metrics.map(({ Id }) => Id).filter((id) => new RegExp(`\\b${id}\\b`).test(text));
      return runInNewContext(text.replaceAll(' AND ', ' && ').replaceAll(' OR ', ' || '), {
        ...Object.fromEntries(ids.map((id) => [id, byId(id)])),
        FILL: (value: number | undefined, missing: number) => value ?? missing,
        IF: (is: boolean, then: number, otherwise: number) => (is ? then : otherwise),
      });
    };
    return z.number().parse(expression(Metrics.find(({ ReturnData }) => ReturnData)?.Expression ?? ''));
  }

  function isBreached(alarm: Alarm): boolean {
    const value = judged(alarm);
    if (value === undefined) return alarm.TreatMissingData === 'breaching';
    const { Threshold, ComparisonOperator } = alarm;
    if (ComparisonOperator === 'LessThanThreshold') return value < Threshold;
    if (ComparisonOperator === 'LessThanOrEqualToThreshold') return value <= Threshold;
    return ComparisonOperator === 'GreaterThanThreshold' ? value > Threshold : value >= Threshold;
  }

  return {
    /** Namespace, name and dimensions of all that the functions emitted. */
    emitted: (): { namespace: string; name: string; dimensions: Readonly<Record<string, string>> }[] =>
      [...new Set(logFiles.flatMap(valuesIn).map(({ metric }) => metric))].map((metric) => {
        const [namespace, name, dimensions] = Identity.parse(JSON.parse(metric));
        return { namespace, name, dimensions: Object.fromEntries(dimensions) };
      }),
    /** The alarms that are breached now, by the names that the stack gives them. */
    breached: (): string[] =>
      [...known].filter(([, alarm]) => isBreached(alarm)).map(([logicalId]) => nameOf(logicalId)),
    /** The sum of what all functions emitted under a metric's name since `from`, ms since the epoch. */
    sum: (name: string, from: number): number =>
      logFiles
        .flatMap(valuesIn)
        .filter(({ metric, at }) => at >= from && JSON.parse(metric)[1] === name)
        .reduce((all, { values }) => all + values.reduce((a, b) => a + b), 0),
  };
}

/** `AlarmsNotSwept1A2B3C4D` is NotSwept to people. */
const nameOf = (logicalId: string) => logicalId.replace(/^Alarms(.+)[0-9A-F]{8}$/, '$1');
