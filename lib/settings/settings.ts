import * as z from 'zod';
import { consistentDomain, domainSettings } from './domain-settings.ts';
import { flag, fromText } from './from-text.ts';
import { consistentIdentity, identitySettings } from './identity-settings.ts';

/** CloudWatch Logs takes these retention periods alone (PutRetentionPolicy). */
const LOG_RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 3653];

const number = (min: number, max: number) => {
  const error = `must be a number from ${min} to ${max}`;
  return z.preprocess(fromText, z.number(error).min(min, error).max(max, error));
};
const integer = (min: number, max: number) => {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.preprocess(fromText, z.int(error).min(min, error).max(max, error));
};
const notShare = 'must be a number over 0, 1 at most';
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

/** What `npm start` deploys, to this machine alone. */
const LOCAL_STAGE = 'local';

const Settings = z.strictObject({
  /** Names the stack, so that several stages live side by side in one account. */
  stage: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be 1 to 20 of a-z, 0-9 and -, beginning with a letter')
    .default('prod'),
  /** Where AnyCheck is: `https://api.anycheck.ai`, or `https://staging-api.anycheck.ai`. */
  anycheck_base_url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.anycheck.ai'),
  /** Calls per second to AnyCheck, at most, where it announces no limit of its own. */
  anycheck_max_rps: number(0.1, 1000).default(5),
  /** The part of a limit that AnyCheck announces which this service takes, over 0 up to 1: the rest is for all others. */
  budget_share: share.default(0.5),
  /** Reads of one caller in a minute for which AnyCheck was asked and showed no verifications: a call to AnyCheck each. */
  unknown_reads_per_minute: integer(1, 100_000).default(60),
  /** Groups that one caller may add in a day. One that AnyCheck never knows takes some 100 calls before the service drops it. */
  new_groups_per_day: integer(100, 1_000_000).default(20_000),
  /** Minutes between two sweeps; EventBridge fires at most once a minute. */
  sweep_minutes: integer(1, 60).default(1),
  /** Refresh workers at once; Lambda's event source mapping takes no fewer than 2. */
  refresh_concurrency: integer(2, 100).default(5),
  /** Age in seconds, by phase, from which a plain read of a snapshot queues an early refresh. */
  fresh_seconds: z.preprocess(fromText, freshSeconds).prefault({}),
  /** Days that a superseded version is kept. */
  retention_days: integer(1, 3653).default(400),
  /** Days after its last change at which a settled group is erased with all its versions; without it, never. */
  group_retention_days: integer(1, 3653).optional(),
  /** `retain` keeps table, user pool and secret when the stack is deleted; `destroy` deletes them with it. */
  removal_policy: z.enum(['retain', 'destroy']).default('retain'),
  log_retention_days: logRetention.default(90),
  /** Days that the audit log is kept. */
  audit_retention_days: logRetention.default(1827),
  /** The SNS topic that is told of alarms; none: they are seen in CloudWatch alone. CloudWatch takes no FIFO topic. */
  alarm_topic_arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'must be the ARN of a standard SNS topic')
    .optional(),
  /** Whether X-Ray traces the functions. */
  tracing: flag.default(false),
  /** Where a webhook's body names its group: a JSON pointer (RFC 6901). */
  webhook_result_id_pointer: z
    .string()
    .regex(/^(\/([^~/]|~[01])*)+$/, 'must be a JSON pointer, such as /result_id')
    .default('/result_id'),
  /**
   * The header that carries a webhook's HMAC-SHA256. AnyCheck's name for it is not public: none by default. Where one is set,
   * and the webhook secret holds a `signing_secret`, what isn't signed with it is refused.
   */
  webhook_signature_header: headerName.optional(),
  /** The header that carries the time of signing; without one it is the body's `timestamp`. 5 minutes from now, it is refused. */
  webhook_timestamp_header: headerName.optional(),
  /**
   * What is signed, of `{body}` and `{timestamp}`, byte for byte as they are sent. A time in a header that isn't signed can be
   * set by anybody: then a delivery that was overheard can be given again for ever.
   */
  webhook_signed_text: z.string().includes('{body}', 'must hold {body}').default('{body}'),
  /** Requests per second, and burst, of the whole API; login, token refresh, health and each file of the description get a tenth. */
  throttle_rps: integer(10, 10_000).default(100),
  throttle_burst: integer(10, 5_000).default(200),
  /** The claim of a token that lists its bearer's groups, of which `viewer`, `operator` and `admin` are roles. */
  groups_claim: z.string().min(1, 'must not be empty').default('cognito:groups'),
  ...domainSettings,
  ...identitySettings,
  access_token_minutes: integer(5, 1440).default(60),
  refresh_token_days: integer(1, 3650).default(30),
});

export type Settings = z.infer<typeof Settings>;

/** Settings of earlier deployments, with what an operator sets in their place. */
const REPLACED: ReadonlyMap<string, string> = new Map([
  ['unknown_follows_per_day', 'new_groups_per_day, which counts every group that a caller adds in a day'],
]);

/** Keys that belong to the CDK: feature flags (`@aws-cdk/…`), look-ups and switches (`aws:…`), the command's own settings. */
const isCdkKey = (key: string) => key.startsWith('@') || key.includes(':') || key === 'cli-telemetry';

/**
 * A deployment's settings from the CDK context (cdk.json, or `cdk -c key=value`).
 * @param region of the deployment, where it is known.
 * @throws an Error of one sentence a fault, each naming its key.
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

/** Credentials and personal data go to AnyCheck, and tokens are trusted for the issuer's keys: on a network, encrypted. */
function overHttps(settings: Settings): Settings {
  if (settings.stage === LOCAL_STAGE) return settings;
  for (const key of ['anycheck_base_url', 'oidc_issuer'] as const) {
    if (settings[key]?.startsWith('https:') === false) {
      throw new Error(`Setting "${key}" is not usable: must be an https URL.`);
    }
  }
  return settings;
}

/** Without the signature's header nothing is checked: whoever names the one beside it means it to be. */
function consistent(settings: Settings, region: string | undefined): Settings {
  consistentIdentity(settings);
  consistentDomain(settings, region);
  const { webhook_signature_header: signature, webhook_timestamp_header: timestamp } = settings;
  if (timestamp === undefined || signature !== undefined) return settings;
  throw new Error('Setting "webhook_timestamp_header" is not usable: needs webhook_signature_header beside it.');
}
