import { currentRequest } from '../correlation.ts';

/** Every log event. docs/runbook.md explains each. */
export type LogEvent =
  | 'request.failed'
  | 'reads.counted'
  | 'login.done'
  | 'login.refused'
  | 'key.refused'
  | 'key.use_unrecorded'
  | 'refresh.done'
  | 'refresh.failed'
  | 'refresh.crashed'
  | 'refresh.request_failed'
  | 'sweep.done'
  | 'sweep.deliveries_queued'
  | 'sweep.keys_near_end'
  | 'announcement.done'
  | 'announcement.failed'
  | 'announcement.refused'
  | 'anycheck.circuit_opened'
  | 'anycheck.circuit_closed'
  | 'anycheck.credentials_refused'
  | 'anycheck.rate_limited'
  | 'webhook.refused'
  | 'webhook.without_group'
  | 'dispatch.done'
  | 'dispatch.dropped'
  | 'dispatch.crashed'
  | 'delivery.done'
  | 'delivery.failed'
  | 'delivery.dropped'
  | 'delivery.parked'
  | 'delivery.postponed'
  | 'delivery.crashed'
  | 'endpoint.disabled'
  | 'endpoint.paused'
  | 'endpoint.upkeep'
  | 'endpoint.announce_failed'
  | 'endpoint.secrets_unreadable'
  | 'key.created'
  | 'key.rotated'
  | 'key.revoked'
  | 'audit.malformed'
  | 'health.unknown'
  | 'quota.uncounted';

/** Every metric, with its unit. docs/runbook.md explains each. */
export const METRICS = {
  /** From the sweep: 1 for each successful sweep. */
  Sweeps: 'Count',
  /** From the sweep: the due groups that it queued. */
  Due: 'Count',
  /** From the sweep: how late the oldest due group was; 0 if no group was due. */
  OldestDueSeconds: 'Seconds',
  /** From the sweep: 1 if the circuit was open. */
  FoundOpen: 'Count',
  /** From the sweep: the due deliveries and upkeeps of webhook endpoints that it queued. */
  DueDeliveries: 'Count',
  /** From the sweep: how late the oldest of these was; 0 if none was due. */
  OldestDeliverySeconds: 'Seconds',
  /** From the sweep, while there are any: the valid API keys that end soon. */
  ApiKeysNearEnd: 'Count',
  /** Refreshes that called AnyCheck; those with a usable answer; and those that failed, with or without a call. */
  Refreshes: 'Count',
  Refreshed: 'Count',
  FailedRefreshes: 'Count',
  /** Successful refreshes that published a new version, and those that found no change. */
  Published: 'Count',
  Unchanged: 'Count',
  /** Failed refreshes of groups that have failed for an hour for reasons of their own. */
  StuckRefreshes: 'Count',
  /** Events that the bus accepted, and announcements of a group that are not complete. */
  Announced: 'Count',
  FailedAnnouncements: 'Count',
  /** From a publish, an erasure or a redaction to its announcement; for one that is not announced yet, to now. */
  AnnouncementDelaySeconds: 'Seconds',
  /** From the deliver function: requests to webhook endpoints, and those among them that failed. */
  Deliveries: 'Count',
  FailedDeliveries: 'Count',
  /** From the deliver function: from the time of an event to its delivery. */
  DeliveryDelaySeconds: 'Seconds',
  /** From the deliver function, at the upkeep of a failing endpoint: for how long every delivery to it has failed. */
  FailingEndpointSeconds: 'Seconds',
  /** From the deliver function: endpoints that it disabled. Those that an admin disables do not count. */
  DisabledEndpoints: 'Count',
  /** From the deliver function: deliveries and upkeeps that found signing secrets which it could not read. */
  UnreadableSecrets: 'Count',
  /** Verifications with a status that AnyCheck's documentation does not list. */
  UnknownStatuses: 'Count',
  /** Requests to AnyCheck; the logins among them; and the requests that AnyCheck refused because of its rate limit. */
  AnyCheckCalls: 'Count',
  AnyCheckLogins: 'Count',
  AnyCheckRefusals: 'Count',
  CircuitOpened: 'Count',
  CredentialsRefused: 'Count',
  RateLimited: 'Count',
  /** From the read function: reads that the stored snapshot answered, and reads that refreshed the group first. */
  ReadHits: 'Count',
  ReadMisses: 'Count',
  /** From the read function: the age of each current snapshot that it served. */
  ServedAgeSeconds: 'Seconds',
  /** From the auth function: successful logins, and logins with a wrong email or password. */
  Logins: 'Count',
  RefusedLogins: 'Count',
  /** From the functions that take API keys: calls without a valid key. */
  RefusedApiKeys: 'Count',
  /** From the webhook function: deliveries with a valid token but without a valid signature or without a group. */
  UnusableWebhooks: 'Count',
  /** Lines that carry the audit mark but are no audit lines. The forwarder does not store them. */
  MalformedAuditLines: 'Count',
} as const;
export type Metric = keyof typeof METRICS;

/**
 * Metrics with a further dimension, from a field of their log line. CloudWatch bills each value of it as one more
 * metric.
 */
export const DIMENSIONS: Readonly<Partial<Record<Metric, string>>> = { FailedRefreshes: 'reason' };

export const NAMESPACE = 'AnyCheckSnapshots';

type Field = string | number | boolean | undefined;

/** The counts since the last line with metrics. */
const counted = new Map<Metric, number>();

/** Counts something that needs no log line of its own. The next line with metrics reports the count. */
export function count(metric: Metric): void {
  counted.set(metric, (counted.get(metric) ?? 0) + 1);
}

/**
 * Writes one JSON line. Fields are ids, counts, codes and times, never content, names, secrets or links.
 * @param metrics CloudWatch extracts them from the line (embedded metric format), by function; at most 100 values of
 * one metric.
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

/**
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function embeddedMetrics(metrics: Parameters<typeof log>[3], at: Date) {
  const values = { ...Object.fromEntries(counted), ...metrics };
  counted.clear();
  const units = Object.entries(METRICS).flatMap(([Name, Unit]) =>
    Object.hasOwn(values, Name) ? [{ Name, Unit }] : [],
  );
  const directive = (dimensions: readonly string[], ofMetrics: typeof units) => ({
    Namespace: NAMESPACE,
    Dimensions: [['FunctionName', ...dimensions]],
    Metrics: ofMetrics,
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

/**
 * The loggable parts of an error: its name and the places of its stack. Messages of parsers and clients can quote
 * content.
 */
export function errorFields(error: unknown): Record<string, Field> {
  if (!(error instanceof Error)) return { error: typeof error };
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause instanceof Error ? error.cause.name : undefined;
  return { error: error.name, cause, stack: places?.slice(0, 6).join('\n') };
}
