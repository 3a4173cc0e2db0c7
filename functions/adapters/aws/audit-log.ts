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

/** What PutLogEvents takes at once. An event counts 26 bytes more than its text has. */
const MOST: Limits = { items: 10_000, bytes: 1_048_576 };
const BESIDE_TEXT = 26;

export interface LogEvent {
  /** ms since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

export interface AuditLog {
  /**
   * Adds events, in the order of their times.
   * @throws where CloudWatch doesn't take all, also for their time (14 days ago, in 2 hours): then some may have been added.
   */
  append(events: readonly LogEvent[]): Promise<void>;
}

export const logsClient = (config: CloudWatchLogsClientConfig = {}): CloudWatchLogsClient =>
  new CloudWatchLogsClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    ...config,
  });

/** A log group with a stream for every day (UTC), made when its first event comes. */
export function auditLog(client: CloudWatchLogsClient, logGroupName: string): AuditLog {
  async function put(logStreamName: string, logEvents: LogEvent[]): Promise<number> {
    const command = new PutLogEventsCommand({ logGroupName, logStreamName, logEvents });
    try {
      return refused(await client.send(command), logEvents.length);
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
    await create(logStreamName);
    return refused(await client.send(command), logEvents.length);
  }

  async function create(logStreamName: string): Promise<void> {
    try {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      // Two deliveries can find a new day at once.
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }

  return {
    async append(events) {
      let lost = 0;
      const inOrder = events.toSorted((a, b) => a.timestamp - b.timestamp);
      for (const [day, those] of Map.groupBy(inOrder, dayOf)) {
        for (const batch of batchesOf(those, sizeOf, MOST)) lost += await put(day, batch);
      }
      if (lost > 0) throw new Error(`CloudWatch Logs refused ${lost} of ${events.length} events for their time`);
    },
  };
}

const dayOf = ({ timestamp }: LogEvent): string => new Date(timestamp).toISOString().slice(0, 10);

const sizeOf = ({ message }: LogEvent): number => Buffer.byteLength(message) + BESIDE_TEXT;

/** How many of a batch were not taken: too old or expired at its front, too new at its end. */
function refused({ rejectedLogEventsInfo: info = {} }: PutLogEventsResponse, of: number): number {
  const old = Math.max(info.tooOldLogEventEndIndex ?? 0, info.expiredLogEventEndIndex ?? 0);
  return old + of - (info.tooNewLogEventStartIndex ?? of);
}
