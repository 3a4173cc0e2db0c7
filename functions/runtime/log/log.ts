import { currentRequest } from '../correlation.ts';

/** Every event that is logged; docs/runbook.md tells what each means. */
export type LogEvent =
  | 'request.failed'
  | 'reads.counted'
  | 'login.done'
  | 'login.refused'
  | 'refresh.done'
  | 'refresh.failed'
  | 'refresh.crashed'
  | 'refresh.request_failed'
  | 'sweep.done'
  | 'anycheck.circuit_opened'
  | 'anycheck.circuit_closed'
  | 'anycheck.credentials_refused'
  | 'anycheck.rate_limited'
  | 'webhook.refused'
  | 'webhook.without_group'
  | 'audit.malformed'
  | 'health.unknown'
  | 'quota.uncounted';

/** Every metric, with its unit; docs/runbook.md tells what each means. */
export const METRICS = {
  /** By Sweep: 1 for each sweep that ended well. */
  Sweeps: 'Count',
  /** By Sweep: the groups that it found due, and queued. */
  Due: 'Count',
  /** By Sweep: how late the oldest due group was, 0 where none was due. */
  OldestDueSeconds: 'Seconds',
  /** By Sweep: 1 where it found the circuit open. */
  FoundOpen: 'Count',
  /** Refreshes that asked AnyCheck, those that brought a usable answer, and those that failed, whether or not they could ask. */
  Refreshes: 'Count',
  Refreshed: 'Count',
  FailedRefreshes: 'Count',
  /** Of those refreshed: what was new, and what had not changed. */
  Published: 'Count',
  Unchanged: 'Count',
  /** Failed looks at a group that has failed for an hour by itself. */
  StuckRefreshes: 'Count',
  UnknownStatuses: 'Count',
  /** Requests to AnyCheck, logins among them, and what it refused for being too many. */
  AnyCheckCalls: 'Count',
  AnyCheckLogins: 'Count',
  AnyCheckRefusals: 'Count',
  CircuitOpened: 'Count',
  CredentialsRefused: 'Count',
  RateLimited: 'Count',
  /** By Verifications: reads that were answered from what was there, and those for which AnyCheck had to be asked first. */
  ReadHits: 'Count',
  ReadMisses: 'Count',
  /** By Verifications: the age of each current snapshot that was served. */
  ServedAgeSeconds: 'Seconds',
  /** By Auth: logins of people, and those whose email or password was wrong. */
  Logins: 'Count',
  RefusedLogins: 'Count',
  /** By Webhook: deliveries to the right address with a wrong signature, or without a group. */
  UnusableWebhooks: 'Count',
  /** Lines that carry the audit mark and are none: not kept. */
  MalformedAuditLines: 'Count',
} as const;
export type Metric = keyof typeof METRICS;

/** Metrics that are told by a field of their line, too: each of its values is one more to pay for. */
export const DIMENSIONS: Readonly<Partial<Record<Metric, string>>> = { FailedRefreshes: 'reason' };

export const NAMESPACE = 'AnyCheckSnapshots';

type Field = string | number | boolean | undefined;

/** Counted since the last line with metrics. */
const counted = new Map<Metric, number>();

/** Counts what is too small for a line of its own: the next line with metrics tells it. */
export function count(metric: Metric): void {
  counted.set(metric, (counted.get(metric) ?? 0) + 1);
}

/**
 * One JSON line. Fields are ids, counts, codes and times: never content, names, secrets or links.
 * @param metrics are taken from the line by CloudWatch (embedded metric format), by function; a hundred values of one at most.
 */
export function log(
  level: 'info' | 'warn' | 'error',
  event: LogEvent,
  fields: Readonly<Record<string, Field>>,
  metrics: Readonly<Partial<Record<Metric, number | readonly number[]>>> = {},
): void {
  const now = new Date();
  const line = { level, event, at: now.toISOString(), request: currentRequest(), ...fields };
  const embedded = Object.keys(metrics).length > 0 && embeddedMetrics(metrics, now);
  process.stdout.write(`${JSON.stringify({ ...line, ...embedded })}\n`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function embeddedMetrics(metrics: Parameters<typeof log>[3], at: Date) {
  const values = { ...Object.fromEntries(counted), ...metrics };
  counted.clear();
  const units = Object.entries(METRICS).flatMap(([Name, Unit]) =>
    Object.hasOwn(values, Name) ? [{ Name, Unit }] : [],
  );
  const directive = (by: readonly string[], of: typeof units) => ({
    Namespace: NAMESPACE,
    Dimensions: [['FunctionName', ...by]],
    Metrics: of,
  });
  const byField = Object.entries(DIMENSIONS).flatMap(([name, field]) => {
    const of = units.filter(({ Name }) => Name === name);
    return of.length > 0 ? [directive([field], of)] : [];
  });
  return {
    FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    ...values,
    _aws: { Timestamp: at.getTime(), CloudWatchMetrics: [directive([], units), ...byField] },
  };
}

/** What may be told of an error: its kind and its stack's places, since messages of parsers and clients can quote content. */
export function errorFields(error: unknown): Record<string, Field> {
  if (!(error instanceof Error)) return { error: typeof error };
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error ? error.cause.name : undefined;
  return { error: error.name, cause, stack: places?.slice(0, 6).join('\n') };
}
