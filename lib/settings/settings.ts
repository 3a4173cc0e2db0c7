import * as z from 'zod';
import { consistentDomain, domainSettings } from './domain-settings.ts';
import { flag, fromText } from './from-text.ts';
import { consistentIdentity, identitySettings } from './identity-settings.ts';

/** The only retention periods that CloudWatch Logs accepts (PutRetentionPolicy), in days. */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

const number = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.preprocess(fromText, z.number(error).min(min, error).max(max, error));
};
const integer = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.preprocess(fromText, z.int(error).min(min, error).max(max, error));
};
const notShare = 'must be a number greater than 0 and at most 1';
const share = z.preprocess(fromText, z.number(notShare).gt(0, notShare).max(1, notShare));
const logRetention = z.preprocess(
  fromText,
  z.int().refine((days) => LOG_RETENTION_DAYS.includes(days), `must be one of ${LOG_RETENTION_DAYS.join(', ')}`),
);
const freshSeconds = z.strictObject({
  active: integer(1, 86_400).default(5),
  waiting: integer(1, 86_400).default(60),
  settled: integer(1, 86_400).default(900),
});

const headerName = z
  .string()
  .regex(/^[\w!#$%&'*+.^`|~-]+$/, "must be a header's name")
  .transform((name) => name.toLowerCase());

/** The stage that `npm start` runs. It never leaves this machine. */
const LOCAL_STAGE = 'local';

const Settings = z.strictObject({
  /** Part of the stack's name, so that one account can hold several stages. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 characters of a-z, 0-9 and -, starting with a letter')
    .default('prod'),
  /** AnyCheck's base URL: `https://api.anycheck.ai`, or `https://staging-api.anycheck.ai`. */
  anycheck_base_url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .regex(/^[^?#@]*$/, 'must be an https URL without query, fragment and user')
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.anycheck.ai'),
  /** The maximum number of calls per second to AnyCheck while it announces no limit. */
  anycheck_max_rps: number(0.1, 1000).default(5),
  /** The share of AnyCheck's announced limit that this service uses, over 0 up to 1. Other clients use the rest. */
  budget_share: share.default(0.5),
  /** Quota per caller and minute: reads that call AnyCheck and find no verifications. */
  unknown_reads_per_minute: integer(1, 100_000).default(60),
  /**
   * Quota per caller and day: groups that it adds. A group unknown to AnyCheck costs some 100 calls until the service
   * drops it.
   */
  new_groups_per_day: integer(100, 1_000_000).default(20_000),
  /** Minutes between two sweeps. EventBridge Scheduler fires at most once a minute. */
  sweep_minutes: integer(1, 60).default(1),
  /** Concurrent refresh workers. Lambda's event source mapping requires at least 2. */
  refresh_concurrency: integer(2, 100).default(5),
  /**
   * Age of a snapshot in seconds, by phase, from which a read without `no-cache` or `max-age` queues an early refresh.
   */
  fresh_seconds: z.preprocess(fromText, freshSeconds).prefault({}),
  /** Days until a superseded version expires. */
  retention_days: integer(1, 3653).default(400),
  /** Days from its last change until a settled group is erased with all its versions. Default: never. */
  group_retention_days: integer(1, 3653).optional(),
  /** Days for which EventBridge archives the announced events, for a replay. Default: no archive. */
  event_archive_days: integer(1, 3653).optional(),
  /** `retain` keeps tables, user pool and secrets when the stack is deleted; `destroy` deletes them with it. */
  removal_policy: z.enum(['retain', 'destroy']).default('retain'),
  /** Days until log lines expire, except the audit log's. */
  log_retention_days: logRetention.default(90),
  /** Days until lines of the audit log expire. */
  audit_retention_days: logRetention.default(1827),
  /**
   * The SNS topic that receives alarms. Default: none, alarms only show in CloudWatch. CloudWatch rejects FIFO topics.
   */
  alarm_topic_arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'must be the ARN of a standard SNS topic')
    .optional(),
  /** Whether X-Ray traces the functions. */
  tracing: flag.default(false),
  /** The JSON pointer (RFC 6901) to the `result_id` in a webhook's body. */
  webhook_result_id_pointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer, such as /result_id')
    .default('/result_id'),
  /**
   * The header with a webhook's HMAC-SHA256. Default: none, because AnyCheck has not published its name. Where it is
   * set and the webhook secret has a `signing_secret`, the service rejects webhooks without a valid signature.
   */
  webhook_signature_header: headerName.optional(),
  /**
   * The header with the time of signing. Default: the body's `timestamp`. The service rejects times over 5 minutes from
   * now.
   */
  webhook_timestamp_header: headerName.optional(),
  /**
   * The signed text, a template of `{body}` and `{timestamp}`, byte for byte as sent. If AnyCheck does not sign the
   * timestamp header, an attacker can change it, and so replay an intercepted webhook at any time.
   */
  webhook_signed_text: z.string().includes('{body}', 'must contain {body}').default('{body}'),
  /**
   * Requests per second of the whole API. Login, token refresh, health and each file of the description get a tenth
   * each.
   */
  throttle_rps: integer(10, 10_000).default(100),
  /** Burst of requests of the whole API, divided in the same way. */
  throttle_burst: integer(10, 5_000).default(200),
  /**
   * Whether `/openapi.json` requires no token. `false`: it requires the role viewer, and the page at `/docs` requests a
   * token.
   */
  openapi_public: flag.default(true),
  /** The token claim that lists the user's groups. The groups `viewer`, `operator` and `admin` give roles. */
  groups_claim: z.string().min(1, 'must not be empty').default('cognito:groups'),
  ...domainSettings,
  ...identitySettings,
  /** Lifetime of the user pool's access and id tokens, in minutes. */
  access_token_minutes: integer(5, 1440).default(60),
  /** Lifetime of the user pool's refresh tokens, in days. */
  refresh_token_days: integer(1, 3650).default(30),
});

export type Settings = z.infer<typeof Settings>;

/** Settings of earlier releases, each with the setting that replaces it. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ['unknown_follows_per_day', 'new_groups_per_day, the quota of groups that a caller adds per day'],
]);

/**
 * Whether a key belongs to the CDK: feature flags (`@aws-cdk/…`), cached lookups and switches (`aws:…`), CLI settings.
 */
const isCdkKey = (key: string) => key.startsWith('@') || key.includes(':') || key === 'cli-telemetry';

/**
 * Parses a deployment's settings from the CDK context (cdk.json, or `cdk -c key=value`).
 * @param region of the deployment; undefined where it is unknown.
 * @throws Error with one sentence per unusable setting, each with the setting's name.
 */
export function parseSettings(context: Record<string, unknown>, region?: string): Settings {
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !isCdkKey(key)));
  const parsed = Settings.safeParse(own);
  if (parsed.success) return consistent(overHttps(parsed.data), region);
  const sentences = parsed.error.issues.flatMap((issue) => {
    const at = issue.path.join('.');
    if (issue.code !== 'unrecognized_keys') return [`Setting "${at}" is not usable: ${issue.message}.`];
    return issue.keys.map((key) => {
      const name = [...issue.path, key].join('.');
      const replacement = REPLACED.get(name);
      return replacement === undefined
        ? `Setting "${name}" is not known; the settings are ${Object.keys(Settings.shape).join(', ')}.`
        : `Setting "${name}" is replaced by ${replacement}.`;
    });
  });
  throw new Error(sentences.join('\n'));
}

/**
 * Requires TLS outside this machine: AnyCheck gets credentials and personal data, and the issuer's keys validate
 * tokens.
 */
function overHttps(settings: Settings): Settings {
  if (settings.stage === LOCAL_STAGE) return settings;
  for (const key of ['anycheck_base_url', 'oidc_issuer'] as const) {
    if (settings[key]?.startsWith('https:') === false) {
      throw new Error(`Setting "${key}" is not usable: must be an https URL.`);
    }
  }
  return settings;
}

/**
 * Checks settings that depend on each other. A timestamp header alone would suggest a signature check that does not
 * happen.
 */
function consistent(settings: Settings, region: string | undefined): Settings {
  consistentIdentity(settings);
  consistentDomain(settings, region);
  const { webhook_signature_header: signature, webhook_timestamp_header: timestamp } = settings;
  if (timestamp === undefined || signature !== undefined) return settings;
  throw new Error('Setting "webhook_timestamp_header" is not usable: requires webhook_signature_header.');
}
