/** Every event that is logged; docs/runbook.md tells what each means. */
export type LogEvent =
  | 'request.failed'
  | 'refresh.done'
  | 'refresh.failed'
  | 'refresh.crashed'
  | 'refresh.early_failed'
  | 'sweep.done';

/** Every metric, counted. */
export type Metric = 'UnknownStatuses';

type Field = string | number | boolean | undefined;

/**
 * One JSON line. Fields are ids, counts, codes and times: never content, names, secrets or links.
 * @param metrics are taken from the line by CloudWatch (embedded metric format), by function.
 */
export function log(
  level: 'info' | 'warn' | 'error',
  event: LogEvent,
  fields: Readonly<Record<string, Field>>,
  metrics: Readonly<Partial<Record<Metric, number>>> = {},
): void {
  const now = new Date();
  const names = Object.keys(metrics);
  const embedded = names.length > 0 && { ...metrics, ...embeddedMetrics(names, now) };
  process.stdout.write(`${JSON.stringify({ level, event, at: now.toISOString(), ...fields, ...embedded })}\n`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const embeddedMetrics = (names: readonly string[], at: Date) => ({
  FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  _aws: {
    Timestamp: at.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: 'AnyCheckSnapshots',
        Dimensions: [['FunctionName']],
        Metrics: names.map((Name) => ({ Name, Unit: 'Count' })),
      },
    ],
  },
});

/** What may be told of an error: its kind and its stack's places, since messages of parsers and clients can quote content. */
export function errorFields(error: unknown): Record<string, Field> {
  if (!(error instanceof Error)) return { error: typeof error };
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error ? error.cause.name : undefined;
  return { error: error.name, cause, stack: places?.slice(0, 6).join('\n') };
}
