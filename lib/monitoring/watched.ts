import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Api } from '../api/api.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Lambda } from '../lambda.ts';
import type { RefreshQueue } from '../refresh/refresh-queue.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';

/** The resources whose metrics the alarms and the dashboard use. */
export interface Watched {
  readonly api: Api;
  readonly sweep: Lambda;
  readonly worker: Lambda;
  readonly refreshQueue: RefreshQueue;
  readonly webhooks: Webhooks;
  readonly auditLog: AuditLog;
  readonly table: Table;
  readonly sweepMinutes: number;
}
