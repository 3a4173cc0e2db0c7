/**
 * Public prices in US dollars by region, without free tiers and discounts. They were read in stored copies of the named
 * sources, each with its own date: those of N. Virginia on 2026-11-25, those of Singapore and Jakarta on 2026-11-30.
 *
 * Where no stored source gives a price of a region, it has none here. The bench then takes Singapore's price for
 * Jakarta, else that of N. Virginia, and says so. Of DynamoDB and API Gateway in Jakarta no price was found, and these
 * are most of what grows with groups and reads: look them up before you rely on Jakarta's sums.
 */

export const REGIONS = {
  'us-east-1': 'N. Virginia',
  'ap-southeast-1': 'Singapore',
  'ap-southeast-3': 'Jakarta',
} as const;
export type Region = keyof typeof REGIONS;

interface Price {
  /** For one of the unit. */
  readonly dollars: number;
  /** Title of the page, and the date that it has. */
  readonly source: string;
}

interface Prices {
  readonly unit: string;
  readonly 'us-east-1': Price;
  readonly 'ap-southeast-1'?: Price;
  readonly 'ap-southeast-3'?: Price;
}

const million = (dollars: number) => dollars / 1e6;
/** @param dollars for one of the unit. */
const price = (dollars: number, source: string): Price => ({ dollars, source });

const DYNAMODB = '“Amazon DynamoDB Pricing: On-Demand & Provisioned Plans”, Airbyte, 2025-07-21';
const KMS = '“DynamoDB Encryption: AWS-Owned vs Customer-Managed KMS Key Cost”, Usage.ai, 2026-04-21';
const SQS = '“Amazon SQS Pricing: Complete Guide + Calculator (2026)”, CloudBurn, 2026-03-14';
const SCHEDULER = '“Amazon EventBridge Pricing: Complete Guide + Calculator (2026)”, CloudBurn, 2026-03-13';
const EVENTBRIDGE = '“Amazon EventBridge Pricing: Six Components, One Surprise Bill”, FactualMinds, June 2026';
const CLOUDWATCH =
  '“Amazon CloudWatch Pricing: The 10 Billing Dimensions Behind Your Observability Bill”, FactualMinds, 2026-06-13';
const METRICS = '“CloudWatch Pricing Without the Confusion [Part 1]”, SigNoz, 2026-02-15';
const LAMBDA = '“Cost”, Lambda documentation of lambda_local_runner, no date';
const SECRETS = 'Hivebook’s page on AWS Secrets Manager, no date';

/** Quotes AWS's public price lists, each with its address. */
const SINGAPORE = '`prices.json` of GitHub’s aadk979/SPOH_2027, which quotes AWS’s price lists of 2026-09-11 to 22';
const SINGAPORE_LAMBDA = 'a public cost review that quotes AWS’s price list API of 2026-08-12';
/**
 * No price of Singapore's request units was found. Mumbai's are quoted from AWS's price list. A table of DynamoDB's
 * provisioned prices has the same ones for both regions.
 */
const LIKE_MUMBAI = 'estimate: Mumbai’s, as quoted from AWS’s price list API; both have the same provisioned prices';
const JAKARTA_LAMBDA = 'the prices by region of GitHub’s janritter/aws-lambda-live-tuner, no date';
const JAKARTA_LOGS = 'a public table of CloudWatch’s prices by region, no date';

const PRICES = {
  readUnit: {
    unit: 'read request unit',
    'us-east-1': price(million(0.125), DYNAMODB),
    'ap-southeast-1': price(million(0.1425), LIKE_MUMBAI),
  },
  writeUnit: {
    unit: 'write request unit',
    'us-east-1': price(million(0.625), DYNAMODB),
    'ap-southeast-1': price(million(0.71), LIKE_MUMBAI),
  },
  storage: { unit: 'GB-month', 'us-east-1': price(0.25, '“Amazon DynamoDB pricing”, AWS, no date') },
  backup: {
    unit: 'GB-month of point-in-time recovery',
    'us-east-1': price(0.2, '“Backup Strategy”, finops.com.py, no date'),
  },
  lambdaSecond: {
    unit: 'GB-second, arm64',
    'us-east-1': price(0.0000133334, LAMBDA),
    'ap-southeast-1': price(0.0000133334, SINGAPORE_LAMBDA),
    'ap-southeast-3': price(0.0000133334, JAKARTA_LAMBDA),
  },
  lambdaRequest: {
    unit: 'invocation',
    'us-east-1': price(million(0.2), LAMBDA),
    'ap-southeast-1': price(million(0.2), SINGAPORE_LAMBDA),
  },
  gateway: {
    unit: 'HTTP API request',
    'us-east-1': price(million(1), '“Understanding AWS Pricing”, a tutorial of Appropri8, 2025-12-02'),
    'ap-southeast-1': price(million(1.25), SINGAPORE),
  },
  queue: { unit: 'SQS FIFO request', 'us-east-1': price(million(0.5), SQS) },
  standardQueue: { unit: 'SQS standard request', 'us-east-1': price(million(0.4), SQS) },
  scheduler: { unit: 'EventBridge Scheduler invocation', 'us-east-1': price(million(1), SCHEDULER) },
  event: { unit: 'custom event of up to 64 KB', 'us-east-1': price(million(1), EVENTBRIDGE) },
  logs: {
    unit: 'GB of ingested logs',
    'us-east-1': price(0.5, CLOUDWATCH),
    'ap-southeast-1': price(0.7, SINGAPORE),
    'ap-southeast-3': price(0.7, JAKARTA_LOGS),
  },
  metric: {
    unit: 'custom metric and month',
    'us-east-1': price(0.3, METRICS),
    'ap-southeast-1': price(0.3, SINGAPORE),
  },
  alarm: {
    unit: 'metric of an alarm and month',
    'us-east-1': price(0.1, '“aws_cloudwatch_metric_alarm cost estimation”, C3X, no date'),
    'ap-southeast-1': price(0.1, SINGAPORE),
  },
  dashboard: {
    unit: 'dashboard and month',
    'us-east-1': price(3, CLOUDWATCH),
    'ap-southeast-1': price(3, SINGAPORE_LAMBDA),
  },
  secret: {
    unit: 'secret and month',
    'us-east-1': price(0.4, SECRETS),
    'ap-southeast-1': price(0.4, SINGAPORE),
  },
  secretCall: { unit: 'Secrets Manager call', 'us-east-1': price(0.05 / 10_000, SECRETS) },
  key: { unit: 'KMS call', 'us-east-1': price(0.03 / 10_000, KMS) },
} as const satisfies Readonly<Record<string, Prices>>;

type Name = keyof typeof PRICES;
const ALL: Readonly<Record<Name, Prices>> = PRICES;
const NAMES = Object.keys(PRICES).filter((name): name is Name => name in PRICES);

/** A price of a region, and the region that it is of: another one where no source gives it. */
interface Found extends Price {
  readonly unit: string;
  readonly of: Region;
}

function priceIn(region: Region, name: Name): Found {
  const { unit, ...prices } = ALL[name];
  const of = [region, ...NEAREST[region]].find((one) => prices[one]) ?? 'us-east-1';
  return { ...(prices[of] ?? prices['us-east-1']), unit, of };
}

const NEAREST: Readonly<Record<Region, readonly Region[]>> = {
  'us-east-1': [],
  'ap-southeast-1': [],
  'ap-southeast-3': ['ap-southeast-1'],
};

export const pricesIn = (region: Region): readonly Found[] => NAMES.map((name) => priceIn(region, name));

/** Dollars for a million of a unit, as the tables show them. */
export const inMillions = (dollars: number): number => +(dollars * 1e6).toPrecision(6);

/** Dollars for one of a unit. */
export type Dollars = (name: Name) => number;
export const dollarsIn =
  (region: Region): Dollars =>
  (name) =>
    priceIn(region, name).dollars;
/** Where no table says otherwise. */
export const VIRGINIA = dollarsIn('us-east-1');
