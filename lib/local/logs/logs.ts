import { appendFileSync } from 'node:fs';
import * as z from 'zod';
import { AwsError, serveAwsJson } from '../http/aws-json.ts';
import type { Served } from '../http/serve.ts';

const Stream = z.object({ logGroupName: z.string(), logStreamName: z.string().regex(/^[^:*]{1,512}$/) });
const PutLogEvents = Stream.extend({
  logEvents: z.array(z.object({ timestamp: z.int(), message: z.string().min(1) })).min(1),
});
type InputLogEvent = z.output<typeof PutLogEvents>['logEvents'][number];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/**
 * Limits of PutLogEvents: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const MAX_BATCH_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;
const MAX_AGE_MS = 14 * DAY_MS;
const MAX_AHEAD_MS = 2 * HOUR_MS;

/** A stand-in for CloudWatch Logs. It appends the events that functions write to a log group to a file. */
export interface Logs extends Served {
  /** Creates a log group. @param file gets one line per event: its time, its stream and its text. */
  open(logGroup: string, file: string): void;
}

export async function startLogs(): Promise<Logs> {
  const groups = new Map<string, { readonly file: string; readonly streams: Set<string> }>();
  const groupOf = (name: string) => {
    const group = groups.get(name);
    if (group === undefined) throw notFound('group');
    return group;
  };
  const service = await serveAwsJson({
    operations: {
      CreateLogStream(input) {
        const { logGroupName, logStreamName } = parsed(Stream, input);
        const { streams } = groupOf(logGroupName);
        if (streams.has(logStreamName)) {
          throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
        }
        streams.add(logStreamName);
        return {};
      },
      PutLogEvents(input) {
        const { logGroupName, logStreamName, logEvents } = parsed(PutLogEvents, input);
        const { file, streams } = groupOf(logGroupName);
        if (!streams.has(logStreamName)) throw notFound('stream');
        checkBatch(logEvents);
        const { from, to } = accepted(logEvents, Date.now());
        const lines = logEvents
          .slice(from, to)
          .map(({ timestamp, message }) => `${new Date(timestamp).toISOString()} ${logStreamName}: ${message}\n`);
        appendFileSync(file, lines.join(''));
        if (from === 0 && to === logEvents.length) return {};
        return {
          rejectedLogEventsInfo: {
            ...(from > 0 && { tooOldLogEventEndIndex: from }),
            ...(to < logEvents.length && { tooNewLogEventStartIndex: to }),
          },
        };
      },
    },
  });
  return { ...service, open: (logGroup, file) => void groups.set(logGroup, { file, streams: new Set() }) };
}

const notFound = (what: string) =>
  new AwsError('ResourceNotFoundException', `The specified log ${what} does not exist.`);

function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new AwsError(
    'InvalidParameterException',
    `The request is not valid: ${result.error.issues[0]?.path.join('.')}`,
  );
}

function checkBatch(events: readonly InputLogEvent[]): void {
  const times = events.map(({ timestamp }) => timestamp);
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
  const invalid = (why: string) => new AwsError('InvalidParameterException', why);
  if (events.length > MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES) throw invalid('Upload too large');
  if (times.some((time, at) => time < (times[at - 1] ?? time))) {
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if ((times.at(-1) ?? 0) - (times[0] ?? 0) > DAY_MS) {
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
}

/**
 * The range of events, ordered by time, that are neither too old nor too new.
 * @param now in milliseconds since the epoch.
 */
function accepted(events: readonly InputLogEvent[], now: number): { from: number; to: number } {
  const index = (limit: number) => {
    const at = events.findIndex(({ timestamp }) => timestamp > limit);
    return at === -1 ? events.length : at;
  };
  return { from: index(now - MAX_AGE_MS), to: index(now + MAX_AHEAD_MS) };
}
