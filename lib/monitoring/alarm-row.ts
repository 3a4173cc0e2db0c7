import type { ComparisonOperator, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';

/** An alarm. */
export interface AlarmRow {
  /** Who is impacted, and how. */
  readonly impact: string;
  /** A heading of docs/runbook.md. */
  readonly runbook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** Default: at the threshold or over it. */
  readonly comparisonOperator?: ComparisonOperator;
  readonly treatMissingData: TreatMissingData;
}
