import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { LogEvent } from '../adapters/aws/audit-log.ts';
import { AuditLine } from '../runtime/access/audit-line.ts';

const Event = z.object({ awslogs: z.object({ data: z.string() }) });

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html */
const Delivery = z.discriminatedUnion('messageType', [
  z.object({
    messageType: z.literal('DATA_MESSAGE'),
    logEvents: z.array(z.object({ id: z.string(), timestamp: z.int(), message: z.string() })),
  }),
  // Whether anybody is there, asked now and then.
  z.object({ messageType: z.literal('CONTROL_MESSAGE') }),
]);

export interface Delivered {
  readonly lines: readonly LogEvent[];
  /** CloudWatch's ids of what is not an audit line. */
  readonly malformed: readonly string[];
}

/**
 * The audit lines that a subscription delivers. They are written anew from what was parsed, so that nothing goes with them.
 * @throws where the delivery as a whole is of another form.
 */
export function linesOf(event: unknown): Delivered {
  const { data } = Event.parse(event).awslogs;
  const delivery = Delivery.parse(JSON.parse(gunzipSync(Buffer.from(data, 'base64')).toString()));
  const lines: LogEvent[] = [];
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
