import type { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Capability } from '../lambda.ts';
import { durableTable } from './durable-table.ts';

/**
 * The ledger of erasures and redactions. A separate table, so that a restore of the snapshot table does not undo them.
 */
export class LedgerTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: { readonly removalPolicy: RemovalPolicy }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'result_id', type: AttributeType.STRING },
      sortKey: { name: 'event', type: AttributeType.STRING },
      ...durableTable(props.removalPolicy),
    });
  }

  /** For the functions that erase or redact: permission to add entries. */
  writer(): Capability<{ LEDGER_TABLE_NAME: string }> {
    const statement = new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.table.tableArn] });
    return {
      env: { LEDGER_TABLE_NAME: this.table.tableName },
      grant: (fn) => fn.addToRolePolicy(statement),
    };
  }
}
