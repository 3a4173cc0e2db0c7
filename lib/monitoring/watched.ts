import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Api } from '../api/api.ts';
import type { AuditLog } from '../audit-log.ts';
import type { Lambda } from '../lambda.ts';
import type { RefreshQueue } from '../refresh/refresh-queue.ts';

/** What alarms and the dashboard look at. */
export interface Watched {
  readonly api: Api;
  readonly sweep: Lambda;
  readonly worker: Lambda;
  readonly refreshQueue: RefreshQueue;
  readonly auditLog: AuditLog;
  readonly table: Table;
  readonly sweepMinutes: number;
}
