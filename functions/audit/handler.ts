import { auditLog, logsClient } from '../adapters/aws/audit-log.ts';
import { parseEnv } from '../runtime/env.ts';
import { log } from '../runtime/log/log.ts';
import { task } from '../runtime/task.ts';
import { linesOf } from './delivery.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const auditLines = auditLog(logsClient(), env.AUDIT_LOG_GROUP);

/** Takes what a subscription delivers, at least once, to the audit log group. A delivery that fails comes again, then is set aside. */
export const handler = task(async (event) => {
  const { lines, malformed } = linesOf(event);
  for (const id of malformed) log('error', 'audit.malformed', { id }, { MalformedAuditLines: 1 });
  await auditLines.append(lines);
});
