import type { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { type Metric as MetricName, NAMESPACE } from '../../functions/runtime/log/log.ts';
import type { Lambda } from '../lambda.ts';

/** A metric that a function emits through its log. @param statistic `Sum`, `Minimum`, `p50`, … */
export const emitted = (metricName: MetricName, { fn }: Lambda, period: Duration, statistic: string): Metric =>
  new Metric({
    namespace: NAMESPACE,
    metricName,
    dimensionsMap: { FunctionName: fn.functionName },
    statistic,
    period,
  });

/**
 * The sum over functions, 0 where none emitted a value. The expression fills gaps itself, because an alarm with missing
 * data would otherwise evaluate values from up to three periods before.
 */
export function total(
  name: MetricName,
  lambdas: readonly Lambda[],
  period: Duration,
  statistic: 'Sum' | 'Minimum' = 'Sum',
): MathExpression {
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const metrics = lambdas.map((one, i) => [`${id}${i}`, emitted(name, one, period, statistic)] as const);
  return filledSum(Object.fromEntries(metrics), period);
}

export const filledSum = (usingMetrics: Record<string, IMetric>, period: Duration): MathExpression =>
  new MathExpression({
    expression: Object.keys(usingMetrics)
      .map((one) => `FILL(${one}, 0)`)
      .join(' + '),
    usingMetrics,
    period,
  });

/** The messages that wait in a queue, at most in each period. */
export const visible = (queue: Queue, period: Duration): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period });
