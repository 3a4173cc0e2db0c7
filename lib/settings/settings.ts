import * as z from 'zod';
import { accessSettings } from './access-settings.ts';
import { anycheckWebhookSettings } from './anycheck-webhook-settings.ts';
import { consistentConsole, consoleSettings } from './console-settings.ts';
import { consistentDomain, domainSettings } from './domain-settings.ts';
import { flag, fromText } from './from-text.ts';
import { consistentIdentity, identitySettings } from './identity-settings.ts';
import { integer, number } from './numbers.ts';
import { retentionSettings } from './retention-settings.ts';
import { LOCAL_STAGE, stage } from './stage.ts';
import { REQUIRE_CONFIG, type StageFile } from './stage-file.ts';
import { UnusableSetting } from './unusable-setting.ts';
import { webhookSettings } from './webhook-settings.ts';

const notShare = 'must be a number greater than 0 and at most 1';
const share = z.preprocess(fromText, z.number(notShare).gt(0, notShare).max(1, notShare));
const freshSeconds = z.strictObject({
  active: integer(1, 86_400).default(5),
  waiting: integer(1, 86_400).default(60),
  settled: integer(1, 86_400).default(900),
});

/**
 * All settings. Each description says what the setting does and when to change it, in Markdown, with links from `docs/`:
 * `config/example.json`, `config/schema.json` and the tables of `docs/configuration.md` have their texts from here.
 */
export const Settings = z.strictObject({
  stage: stage.describe(
    'Names the stack `anycheck-snapshots-<stage>` and the file `config/<stage>.json`. Several stages run side by side in one account. `local` belongs to `npm start`; it is the only stage that accepts `http://` addresses.',
  ),
  anycheck_base_url: z
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .regex(/^[^?#@]*$/, 'must be an https URL without query, fragment and user')
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.anycheck.ai')
    .describe("The address of AnyCheck. Use `https://staging-api.anycheck.ai` for AnyCheck's staging system."),
  anycheck_max_rps: number(0.1, 1000)
    .default(5)
    .describe('The highest rate where AnyCheck announces no limit. The rate limiter spreads 95 % of the calls evenly.'),
  budget_share: share
    .default(0.5)
    .describe(
      "The share of AnyCheck's announced limit (`X-RateLimit-*`, `RateLimit`, `RateLimit-*`) that this service uses at most. Your own submissions need the rest. Raise it if groups stay late and AnyCheck's limit has room.",
    ),
  unknown_reads_per_minute: integer(1, 100_000)
    .default(60)
    .describe('Reads of one caller in a minute that cost a call to AnyCheck and show no verifications.'),
  new_groups_per_day: integer(100, 1_000_000)
    .default(20_000)
    .describe(
      'Groups that one caller may add in a day (UTC). Raise it for a caller that submits more groups than that.',
    ),
  // EventBridge Scheduler fires at most once a minute.
  sweep_minutes: integer(1, 60).default(1).describe('The time between two sweeps. Alarm thresholds follow it.'),
  // Lambda's event source mapping requires at least 2.
  refresh_concurrency: integer(2, 100)
    .default(5)
    .describe('Refresh workers at once. Raise it if groups are late although AnyCheck allows more calls.'),
  fresh_seconds: z
    .preprocess(fromText, freshSeconds)
    .prefault({})
    .describe(
      'The age, by phase, from which a plain read queues an early refresh of content that changed lately. [It grows](api.md#freshness) with the time without change, up to a day. Missing phases keep their default. Raise `settled` to save calls for groups that are read often soon after they settled.',
    ),
  ...retentionSettings,
  // CloudWatch rejects FIFO topics.
  alarm_topic_arn: z
    .string()
    .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, 'must be the ARN of a standard SNS topic')
    .optional()
    .describe(
      'The topic that receives alarms when they begin and end. Its policy must let CloudWatch publish. Without it, alarms show only in CloudWatch.',
    ),
  tracing: flag
    .default(false)
    .describe(
      '`true`: Lambda itself sends X-Ray traces of the functions, sampled by X-Ray. AWS bills them by the million.',
    ),
  ...anycheckWebhookSettings,
  ...webhookSettings,
  ...accessSettings,
  throttle_rps: integer(10, 10_000)
    .default(100)
    .describe(
      'The throttle of the whole API. Login, token refresh, `/health`, the description, the console and each of their files get a tenth of it each. Webhooks get as much as the whole, apart from it.',
    ),
  throttle_burst: integer(10, 5_000).default(200).describe('The burst, divided in the same way.'),
  openapi_public: flag
    .default(true)
    .describe(
      'Whether `GET /openapi.json` requires no token. `false`: it requires the role viewer, and the page at `/docs` has a form for a token. The page and its files stay public.',
    ),
  ...consoleSettings,
  groups_claim: z
    .string()
    .min(1, 'must not be empty')
    .default('cognito:groups')
    .describe(
      'The claim of a token that lists the groups of its bearer. The groups `viewer`, `operator` and `admin` give roles.',
    ),
  person_claim: z
    .string()
    .min(1, 'must not be empty')
    .default('username')
    .describe(
      'A claim that the tokens of people have, and those of machines lack. Only a person manages API keys. With an issuer of your own, set it to a claim of that issuer: without the claim, no token is a person’s.',
    ),
  ...domainSettings,
  ...identitySettings,
  access_token_minutes: integer(5, 1440)
    .default(60)
    .describe('Lifetime of access tokens of people and machines. A revoked role works for this long at most.'),
  refresh_token_days: integer(1, 3650).default(30).describe('Lifetime of refresh tokens.'),
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

export interface Surroundings {
  /** The region of the deployment; undefined where it is unknown. */
  readonly region?: string | undefined;
  /** The file of the stage; undefined where there is none. */
  readonly file?: StageFile | undefined;
}

/**
 * Parses a deployment's settings from the stage's file and from the CDK context (`cdk -c key=value`, or cdk.json), which
 * wins. A setting in both the file and cdk.json is refused.
 * @throws Error with one sentence per unusable setting, each with the setting's name, and with its file if it is there.
 */
export function parseSettings(context: Record<string, unknown>, { region, file }: Surroundings = {}): Settings {
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !isCdkKey(key) && key !== REQUIRE_CONFIG));
  const named = (path: readonly PropertyKey[]) => {
    const isInFile = file && !Object.hasOwn(own, path[0] ?? '') && Object.hasOwn(file.settings, path[0] ?? '');
    return `Setting "${path.join('.')}"${isInFile ? ` in ${file.path}` : ''}`;
  };
  // The value of cdk.json would win unseen. A stage in both is harmless: it must be the file's name.
  const twice = file?.repeated.filter((key) => key !== 'stage' && Object.hasOwn(own, key)) ?? [];
  if (twice.length > 0) {
    const sentence = (key: string) => `Setting "${key}" is in cdk.json and in ${file?.path}: remove it from cdk.json.`;
    throw new Error(twice.map(sentence).join('\n'));
  }
  const parsed = Settings.safeParse({ ...file?.settings, ...own });
  if (parsed.success) {
    try {
      return consistent(overHttps(parsed.data), region);
    } catch (error) {
      throw error instanceof UnusableSetting ? new Error(`${named([error.key])} is not usable: ${error.why}.`) : error;
    }
  }
  const sentences = parsed.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [`${named(issue.path)} is not usable: ${issue.message}.`];
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const replacement = REPLACED.get(path.join('.'));
      return replacement === undefined
        ? `${named(path)} is not known; the settings are ${Object.keys(Settings.shape).join(', ')}.`
        : `${named(path)} is replaced by ${replacement}.`;
    });
  });
  throw new Error(sentences.join('\n'));
}

/**
 * Requires TLS outside this machine: AnyCheck gets credentials and personal data, the issuer's keys validate tokens, and
 * a webhook to a loopback address would reach the function itself.
 */
function overHttps(settings: Settings): Settings {
  if (settings.stage === LOCAL_STAGE) return settings;
  if (settings.webhook_allow_loopback) {
    throw new UnusableSetting('webhook_allow_loopback', `requires the stage ${LOCAL_STAGE}`);
  }
  for (const key of ['anycheck_base_url', 'oidc_issuer'] as const) {
    if (settings[key]?.startsWith('https:') === false) {
      throw new UnusableSetting(key, 'must be an https URL');
    }
  }
  if (settings.console_connect_origins?.some((origin) => !origin.startsWith('https:'))) {
    throw new UnusableSetting('console_connect_origins', 'must have https origins alone');
  }
  return settings;
}

/**
 * Checks settings that depend on each other. A timestamp header alone would suggest a signature check that does not
 * happen.
 */
function consistent(settings: Settings, region: string | undefined): Settings {
  consistentIdentity(settings);
  consistentConsole(settings);
  consistentDomain(settings, region);
  const { webhook_signature_header: signature, webhook_timestamp_header: timestamp } = settings;
  if (timestamp === undefined || signature !== undefined) return settings;
  throw new UnusableSetting('webhook_timestamp_header', 'requires webhook_signature_header');
}
