import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { AuditEvent } from '../adapters/aws/audit-log.ts';
import { AuditLine } from '../runtime/access/audit-line.ts';

const Event = z.object({ awslogs: z.object({ data: z.string() }) });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const SubscriptionPayload = z.discriminatedUnion('messageType', [
  z.object({
    messageType: z.literal('DATA_MESSAGE'),
    logEvents: z.array(z.object({ id: z.string(), timestamp: z.int(), message: z.string() })),
  }),
  // CloudWatch sends control messages to check that the destination is reachable.
  z.object({ messageType: z.literal('CONTROL_MESSAGE') }),
]);

export interface AuditBatch {
  readonly lines: readonly AuditEvent[];
  /** CloudWatch's ids of the events that are not audit lines. */
  readonly malformed: readonly string[];
}

/**
 * Parses the audit lines that a subscription delivers. Each is serialized anew from its parsed fields, so that nothing
 * else is stored with it.
 * @throws an Error if the delivery as a whole is malformed.
 */
export function linesOf(event: unknown): AuditBatch {
  const { data } = Event.parse(event).awslogs;
  const delivery = SubscriptionPayload.parse(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
  const lines: AuditEvent[] = [];
  const malformed: string[] = [];
  if (delivery.messageType === 'CONTROL_MESSAGE') return { lines, malformed };
  for (const { id, timestamp, message } of delivery.logEvents) {
    const line = auditLineIn(message);
    if (line) lines.push({ timestamp, message: JSON.stringify(line) });
    else malformed.push(id);
  }
  return { lines, malformed };
}

function auditLineIn(message: string): AuditLine | undefined {
  try {
    return AuditLine.parse(JSON.parse(message));
  } catch {
    return undefined;
  }
}
