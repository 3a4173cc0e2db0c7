import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import {
  API_KEY_USES,
  API_KEYS,
  BUDGET,
  BUS,
  DUE_INDEX,
  FAILING_INDEX,
  GROUPS_INDEX,
  groupKey,
  parkedShardOf,
  quotaKey,
  SESSION,
  SWEEP,
  WEBHOOK_ENDPOINTS,
  webhookKey,
} from '../../functions/adapters/dynamodb/layout/keys.ts';
import { type Capability, merge } from '../lambda.ts';
import { durableTable } from './durable-table.ts';

/** The partition keys of all groups' rows. */
const GROUPS = [groupKey('*')];
/** The partition keys of each endpoint's state and deliveries. The rows with URLs and secrets have another one. */
const DELIVERIES = [webhookKey('we_*')];
const WEBHOOKS = [WEBHOOK_ENDPOINTS, ...DELIVERIES];

/**
 * The snapshot table. It holds each group's schedule, current, history and page rows under its `result_id`, and has a
 * sparse index of what is due. It also holds webhook endpoints and their deliveries, AnyCheck's shared session and
 * budget, API keys, the callers' quota counters, the last sweep and the last failure of the event bus.
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
    // The projected attributes change only with a new version, so an unchanged refresh costs no index write.
    this.table.addGlobalSecondaryIndex({
      indexName: GROUPS_INDEX,
      partitionKey: { name: 'phase', type: AttributeType.STRING },
      sortKey: { name: 'listed', type: AttributeType.STRING },
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['overall_status'],
    });
    // Sparse: only groups that fail have its sort key. The status changes only with a refresh that succeeds.
    this.table.addGlobalSecondaryIndex({
      indexName: FAILING_INDEX,
      partitionKey: { name: 'phase', type: AttributeType.STRING },
      sortKey: { name: 'failing', type: AttributeType.STRING },
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
   * Grants actions on the rows under some partition keys. The condition also matches a request without a key, such as a
   * scan, so no function gets the Scan action.
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

  /** For the functions that publish: reads and writes of groups' rows, without scans and indexes. */
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

  /** For the history function: reads of groups' rows. */
  historian() {
    return this.rows(GROUPS, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  /** For the function that lists and tracks groups: their schedule rows and the indexes of groups. */
  lister() {
    return this.listing(
      [GROUPS_INDEX, FAILING_INDEX],
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
    );
  }

  /** For the sweep's expireSettled, which finds settled groups past their retention and makes them due. */
  grantExpireSettled() {
    return this.listing([GROUPS_INDEX], 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  }

  /** Grants queries of indexes of groups, and actions on the groups' rows. */
  private listing(indexes: readonly string[], ...actions: string[]) {
    const index = new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: indexes.map((name) => `${this.table.tableArn}/index/${name}`),
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

  /** For the erasure function: a group's schedule and current rows. The refresh worker deletes the other rows. */
  eraser() {
    return this.rows(GROUPS, 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  }

  /** For the webhook function: a group's schedule row, to request a refresh. */
  grantRefreshRequests() {
    return this.rows(GROUPS, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the functions that call AnyCheck: the shared session and the shared budget. */
  anycheckRows() {
    return this.rows([SESSION, BUDGET], 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the sweep: permission to record that it completed. */
  grantSweepRecord() {
    return this.rows([SWEEP], 'dynamodb:PutItem');
  }

  /**
   * For the health functions: the time of the last completed sweep. Reading it also proves that the table is readable.
   */
  sweepReader() {
    return this.rows([SWEEP], 'dynamodb:GetItem');
  }

  /** For the function that announces: permission to record whether the event bus works. */
  grantBusRecord() {
    return this.rows([BUS], 'dynamodb:PutItem');
  }

  /** For the deep health check: when the event bus last failed. */
  busReader() {
    return this.rows([BUS], 'dynamodb:GetItem');
  }

  /** For the function that dispatches: reads events and endpoints, and adds deliveries. */
  dispatcher() {
    return merge(
      this.rows(GROUPS, 'dynamodb:BatchGetItem'),
      this.rows([WEBHOOK_ENDPOINTS], 'dynamodb:Query'),
      this.rows(DELIVERIES, 'dynamodb:PutItem'),
    );
  }

  /**
   * For the function that delivers: the rows of endpoints and deliveries, and the index of parked deliveries. It creates
   * none of them.
   */
  deliverer() {
    const parked = new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: [`${this.table.tableArn}/index/${DUE_INDEX}`],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [parkedShardOf('*')] } },
    });
    return merge(
      this.webhooks('dynamodb:DeleteItem'),
      this.rows([WEBHOOK_ENDPOINTS], 'dynamodb:PutItem'),
      this.capability(parked),
    );
  }

  /** For the function that manages endpoints: the rows of endpoints and deliveries. */
  endpointManager() {
    return merge(this.webhooks('dynamodb:PutItem'), this.rows([WEBHOOK_ENDPOINTS], 'dynamodb:DeleteItem'));
  }

  /**
   * Reads and changes of endpoints and deliveries, and one more action on them. Events are in the rows of groups; one
   * batch may read both.
   */
  private webhooks(more: string) {
    return merge(
      this.rows([...GROUPS, ...WEBHOOKS], 'dynamodb:BatchGetItem'),
      this.rows(WEBHOOKS, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', more),
    );
  }

  /** For the function that manages API keys. */
  keyManager() {
    return merge(
      this.rows([API_KEYS], 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'),
      this.rows([API_KEY_USES], 'dynamodb:Query'),
    );
  }

  /** For the sweep, which counts the API keys that end soon. */
  keyCounter() {
    return this.rows([API_KEYS], 'dynamodb:Query');
  }

  /** For the functions that acquire callers' quotas. */
  quotas() {
    return this.rows([quotaKey('*')], 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }

  /** For the functions that check API keys: reads of the keys, and writes of the days of their last use. */
  keyChecker() {
    return merge(this.rows([API_KEYS], 'dynamodb:GetItem'), this.rows([API_KEY_USES], 'dynamodb:UpdateItem'));
  }

  /** For the sweep and the deep health check: the remaining budget of AnyCheck calls. */
  budgetReader() {
    return this.rows([BUDGET], 'dynamodb:GetItem');
  }

  /** For the sweep and the deep health check: queries of the index of due rows. */
  dueReader() {
    return this.capability(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.table.tableArn}/index/${DUE_INDEX}`],
      }),
    );
  }
}
