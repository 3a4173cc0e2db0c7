import { currentRequest } from './correlation.ts';

/** Every event that is logged; docs/runbook.md tells what each means. */
export type LogEvent =
  | 'request.failed'
  | 'refresh.done'
  | 'refresh.failed'
  | 'refresh.crashed'
  | 'refresh.early_failed'
  | 'sweep.done'
  | 'anycheck.circuit_opened'
  | 'anycheck.circuit_closed'
  | 'anycheck.credentials_refused'
  | 'anycheck.held_back'
  | 'webhook.refused'
  | 'webhook.without_group'
  | 'audit.malformed'
  | 'health.unknown';

/** Every metric, with its unit; docs/runbook.md tells which alarms stand on them. */
export const METRICS = {
  /** By Sweep: 1 for each sweep that ended well. */
  Sweeps: 'Count',
  /** By Sweep: the groups that it found due, and queued. */
  Due: 'Count',
  /** By Sweep: how late the oldest due group was, 0 where none was due. */
  OldestDueSeconds: 'Seconds',
  /** By Sweep: 1 where it found the circuit open. */
  FoundOpen: 'Count',
  /** Looks that asked AnyCheck, those that brought a usable answer, and those that failed, whether or not they could ask. */
  Looks: 'Count',
  Refreshed: 'Count',
  FailedLooks: 'Count',
  UnknownStatuses: 'Count',
  CircuitOpened: 'Count',
  CredentialsRefused: 'Count',
  HeldBack: 'Count',
  /** Lines that carry the audit mark and are none: not kept. */
  MalformedAuditLines: 'Count',
} as const;
export type Metric = keyof typeof METRICS;

export const NAMESPACE = 'AnyCheckSnapshots';

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
  const units = Object.entries(METRICS).filter(([name]) => Object.hasOwn(metrics, name));
  const embedded = units.length > 0 && { ...metrics, ...embeddedMetrics(units, now) };
  process.stdout.write(`${JSON.stringify({ level, event, at: now.toISOString(), request: currentRequest(), ...fields, ...embedded })}\n`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
const embeddedMetrics = (units: readonly (readonly [name: string, unit: string])[], at: Date) => ({
  FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
  _aws: {
    Timestamp: at.getTime(),
    CloudWatchMetrics: [
      {
        Namespace: NAMESPACE,
        Dimensions: [['FunctionName']],
        Metrics: units.map(([Name, Unit]) => ({ Name, Unit })),
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
