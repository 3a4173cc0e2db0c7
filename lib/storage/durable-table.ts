import { RemovalPolicy } from 'aws-cdk-lib';
import { BillingMode, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';

/** What every table here is: paid by request, encrypted, restorable to any second, and not deleted by mistake. */
export const durableTable = (removalPolicy: RemovalPolicy) => ({
  billingMode: BillingMode.PAY_PER_REQUEST,
  encryption: TableEncryption.AWS_MANAGED,
  pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
  deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
  removalPolicy,
});
