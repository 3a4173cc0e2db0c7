import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  BUDGET,
  DUE_INDEX,
  GROUPS_INDEX,
  groupKey,
  quotaKey,
  SESSION,
  SWEEP,
} from '../../functions/adapters/dynamodb/layout/keys.ts';
import type { Capability } from '../lambda.ts';
import { durableTable } from './durable-table.ts';

/** Which rows a function may touch, by partition key. */
const GROUPS = [groupKey('*')];

/**
 * The one table: a group's schedule, current, history and page rows under its `result_id`, the sparse index of due groups, the
 * rows that all callers of AnyCheck share, those that count what callers used of their quotas, and the last sweep's.
 */
export class SnapshotTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      ...durableTable(props.removalPolicy),
      timeToLiveAttribute: 'expires',
    });
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: 'due_shard', type: AttributeType.STRING },
      sortKey: { name: 'due', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    // What it projects changes with a version alone, never at a look that finds nothing new.
    this.table.addGlobalSecondaryIndex({
      indexName: GROUPS_INDEX,
      partitionKey: { name: 'phase', type: AttributeType.STRING },
      sortKey: { name: 'listed', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['overall_status'],
    });
  }

  private capability(statement: PolicyStatement): Capability<{ TABLE_NAME: string }> {
    return {
      env: { TABLE_NAME: this.table.tableName },
      grant: (fn) => fn.addToRolePolicy(statement),
    };
  }

  /**
   * The rows under some partition keys. The condition also holds of a request that names no key, such as a scan: that is an
   * action which nobody is given.
   */
  private rows(keys: readonly string[], ...actions: string[]) {
    return this.capability(
      new PolicyStatement({
        actions,
        resources: [this.table.tableArn],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } },
      }),
    );
  }

  /** For the functions that publish: the rows of groups that they name, no scan and no index. */
  publisher() {
    return this.rows(
      GROUPS,
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
  }

  /** For whoever shows what became of groups: their rows, to read. */
  historian() {
    return this.rows(GROUPS, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  /** For whoever lists groups, and follows them: their schedule rows, no content, and the index of groups. */
  lister() {
    return this.listing(
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    );
  }

  /** For whoever finds groups that were kept for long enough, and makes them due. */
  retirer() {
    return this.listing('dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  }

  /** The index of groups, and actions on their rows. */
  private listing(...actions: string[]) {
    const index = new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/${GROUPS_INDEX}`],
    });
    const rows = this.rows(GROUPS, ...actions);
    return {
      env: rows.env,
      grant(fn: LambdaFunction) {
        rows.grant(fn);
        fn.addToRolePolicy(index);
      },
    };
  }

  /** For whoever erases: a group's first two rows, the rest is the publisher's. */
  eraser() {
    return this.rows(GROUPS, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  /** For whoever is told of a change: a group's row, to have it looked at sooner. */
  grantRefreshRequests() {
    return this.rows(GROUPS, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the functions that call AnyCheck: the session that they share, and the budget. */
  anycheckRows() {
    return this.rows([SESSION, BUDGET], 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the sweep: to say that it ended well. */
  grantSweepRecord() {
    return this.rows([SWEEP], 'dynamodb:PutItem');
  }

  /** For whoever finds out whether the table can be read, and when the last sweep ended. */
  sweepReader() {
    return this.rows([SWEEP], 'dynamodb:GetItem');
  }

  /** For the functions that read and count what callers used of their quotas. */
  quotas() {
    return this.rows([quotaKey('*')], 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the sweep, and whoever tells how all stands: how much of AnyCheck's budget there is. */
  budgetReader() {
    return this.rows([BUDGET], 'dynamodb:GetItem');
  }

  /** For the same: the index of due groups alone, no content. */
  dueReader() {
    return this.capability(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${DUE_INDEX}`],
      }),
    );
  }
}
