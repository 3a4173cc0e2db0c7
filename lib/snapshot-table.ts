import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DUE_INDEX } from '../functions/adapters/rows.ts';
import type { Capability } from './lambda.ts';

/** The one table: a group's schedule, current, history and page rows under its `result_id`, and the sparse index of due groups. */
export class SnapshotTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.AWS_MANAGED,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expires',
      deletionProtection: props.removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy: props.removalPolicy,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: 'due_shard', type: AttributeType.STRING },
      sortKey: { name: 'due', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
  }

  private capability(resource: string, ...actions: string[]): Capability<{ TABLE_NAME: string }> {
    return {
      env: { TABLE_NAME: this.table.tableName },
      grant: (fn) => fn.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] })),
    };
  }

  /** For the functions that publish: the rows of groups that they name, no scan and no index. */
  publisher() {
    return this.capability(
      this.table.tableArn,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
  }

  /** For the sweep: the index of due groups alone, no content. */
  dueReader() {
    return this.capability(`${this.table.tableArn}/index/${DUE_INDEX}`, 'dynamodb:Query');
  }
}
