/**
 * Public prices in US dollars, of us-east-1 (Northern Virginia), because no stored page with Jakarta's prices was found.
 * Jakarta is more expensive; the ratios hardly differ. Free tiers and discounts are left out. The prices were read on
 * 2026-11-25 in stored copies of the named pages, each with its own date. Where AWS's own page shows its prices only by
 * script, the source is a page that quotes it.
 */

interface Price {
  /** For one of the unit. */
  readonly dollars: number;
  readonly unit: string;
  /** Title of the page, and the date that it has. */
  readonly source: string;
}

const million = (dollars: number) => dollars / 1e6;

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

export const PRICES = {
  readUnit: { dollars: million(0.125), unit: 'read request unit', source: DYNAMODB },
  writeUnit: { dollars: million(0.625), unit: 'write request unit', source: DYNAMODB },
  storage: { dollars: 0.25, unit: 'GB-month', source: '“Amazon DynamoDB pricing”, AWS, no date' },
  backup: {
    dollars: 0.2,
    unit: 'GB-month of point-in-time recovery',
    source: '“Backup Strategy”, finops.com.py, no date',
  },
  lambdaSecond: { dollars: 0.0000133334, unit: 'GB-second, arm64', source: LAMBDA },
  lambdaRequest: { dollars: million(0.2), unit: 'invocation', source: LAMBDA },
  gateway: {
    dollars: million(1),
    unit: 'HTTP API request',
    source: '“Understanding AWS Pricing”, a tutorial of Appropri8, 2025-12-02',
  },
  queue: { dollars: million(0.5), unit: 'SQS FIFO request', source: SQS },
  scheduler: { dollars: million(1), unit: 'EventBridge Scheduler invocation', source: SCHEDULER },
  event: { dollars: million(1), unit: 'custom event of up to 64 KB', source: EVENTBRIDGE },
  logs: { dollars: 0.5, unit: 'GB of ingested logs', source: CLOUDWATCH },
  metric: { dollars: 0.3, unit: 'custom metric and month', source: METRICS },
  alarm: {
    dollars: 0.1,
    unit: 'metric of an alarm and month',
    source: '“aws_cloudwatch_metric_alarm cost estimation”, C3X, no date',
  },
  dashboard: { dollars: 3, unit: 'dashboard and month', source: CLOUDWATCH },
  secret: { dollars: 0.4, unit: 'secret and month', source: SECRETS },
  secretCall: { dollars: 0.05 / 10_000, unit: 'Secrets Manager call', source: SECRETS },
  key: { dollars: 0.03 / 10_000, unit: 'KMS call', source: KMS },
} as const satisfies Readonly<Record<string, Price>>;
