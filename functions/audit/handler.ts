import { auditLog, logsClient } from '../adapters/aws/audit-log.ts';
import { parseEnv } from '../runtime/env.ts';
import { log } from '../runtime/log/log.ts';
import { task } from '../runtime/task.ts';
import { linesOf } from './delivery.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const auditLines = auditLog(logsClient(), env.AUDIT_LOG_GROUP);

/**
 * Copies the lines that a subscription delivers, at least once, to the audit log group. Lambda retries a failed
 * delivery, then sends it to the dead-letter queue.
 */
export const handler = task(async (event) => {
  const { lines, malformed } = linesOf(event);
  for (const id of malformed) log('error', 'audit.malformed', { id }, { MalformedAuditLines: 1 });
  await auditLines.append(lines);
});
