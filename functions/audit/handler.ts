import { auditLog, logsClient } from '../adapters/audit-log.ts';
import { beginRequest } from '../runtime/correlation.ts';
import { parseEnv } from '../runtime/env.ts';
import { lambda } from '../runtime/lambda.ts';
import { log } from '../runtime/log.ts';
import { linesOf } from './delivery.ts';
import { Env } from './env.ts';

const env = parseEnv(Env);
const auditLines = auditLog(logsClient(), env.AUDIT_LOG_GROUP);

/** Takes what a subscription delivers, at least once, to the audit log group. A delivery that fails comes again, then is set aside. */
export const handler = lambda<unknown, void>().handler(async (event, context) => {
  beginRequest(context.awsRequestId);
  const { lines, malformed } = linesOf(event);
  for (const id of malformed) log('error', 'audit.malformed', { id }, { MalformedAuditLines: 1 });
  await auditLines.append(lines);
});
