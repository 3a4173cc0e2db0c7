import { RemovalPolicy } from 'aws-cdk-lib';
import { BillingMode, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';

/**
 * Properties of every table: on-demand billing, encryption, point-in-time recovery, and deletion protection when
 * retained.
 */
export const durableTable = (removalPolicy: RemovalPolicy) => ({
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
  removalPolicy,
});
