import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type PutLogEventsResponse,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import { batchesOf, type Limits } from '../dynamodb/requests/batches.ts';

/** The limits of one PutLogEvents request. An event counts 26 bytes more than its text. */
const MAX_BATCH: Limits = { items: 10_000, bytes: 1_048_576 };
const EVENT_OVERHEAD_BYTES = 26;

export interface AuditEvent {
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

export interface AuditLog {
  /**
   * Adds events, in the order of their times.
   * @throws an Error if CloudWatch rejects events, for example because they are older than 14 days or more than 2 hours
   * in the future. The other events may be stored then.
   */
  append(events: readonly AuditEvent[]): Promise<void>;
}

export const logsClient = (config: CloudWatchLogsClientConfig = {}): CloudWatchLogsClient =>
  new CloudWatchLogsClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    ...config,
  });

/** An audit log in a log group. The first event of a day (UTC) creates that day's log stream. */
export function auditLog(client: CloudWatchLogsClient, logGroupName: string): AuditLog {
  async function put(logStreamName: string, logEvents: AuditEvent[]): Promise<number> {
    const command = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
    try {
      return rejectedOf(await client.send(command), logEvents.length);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
    await create(logStreamName);
    return rejectedOf(await client.send(command), logEvents.length);
  }

  async function create(logStreamName: string): Promise<void> {
    try {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      // Two deliveries can create the stream of a new day at the same time.
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }

  return {
    async append(events) {
      let rejected = 0;
      const inOrder = events.toSorted((a, b) => a.timestamp - b.timestamp);
      for (const [day, ofDay] of Map.groupBy(inOrder, dayOf)) {
        for (const batch of batchesOf(ofDay, sizeOf, MAX_BATCH)) rejected += await put(day, batch);
      }
      if (rejected > 0) {
        throw new Error(`CloudWatch Logs rejected ${rejected} of ${events.length} events because of their time`);
      }
    },
  };
}

const dayOf = ({ timestamp }: AuditEvent): string => new Date(timestamp).toISOString().slice(0, 10);

const sizeOf = ({ message }: AuditEvent): number => Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;

/**
 * @returns how many of `total` events CloudWatch rejected: too old or expired ones at the front, too new ones at the
 * end.
 */
function rejectedOf({ rejectedLogEventsInfo: info = {} }: PutLogEventsResponse, total: number): number {
  const tooOld = Math.max(info.tooOldLogEventEndIndex ?? 0, info.expiredLogEventEndIndex ?? 0);
  return tooOld + total - (info.tooNewLogEventStartIndex ?? total);
}
