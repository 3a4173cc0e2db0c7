import { randomUUID } from 'node:crypto';
import type { EventBridgeEvent } from 'aws-lambda';
import * as z from 'zod';
import { AwsError } from '../http/aws-json.ts';
import { ACCOUNT, REGION } from '../names.ts';

/** An event as EventBridge delivers it to a target. */
export type Envelope = EventBridgeEvent<string, unknown>;

/** The result of an entry. An event of an unknown bus is accepted as well. */
export type EntryResult =
  | { readonly accepted: true; readonly bus: string; readonly event: Envelope }
  | { readonly accepted: false; readonly code: string; readonly message: string };

const Entry = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  /** A name or an ARN. */
  EventBusName: z.string().min(1).default('default'),
  Resources: z.array(z.string()).default([]),
  /** In seconds since the epoch. */
  Time: z.number().min(0).max(253_402_300_799).optional(),
});
type Entry = z.output<typeof Entry>;
const PutEvents = z.object({ Entries: z.array(Entry) });

const MAX_ENTRIES = 10;
/**
 * The limit that the API reference names. AWS has raised it since, so a request that fits here also fits there:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
const MAX_REQUEST_BYTES = 256 * 1024;
const TIME_BYTES = 14;

const DetailObject = z.record(z.string(), z.unknown());

/**
 * Checks the entries of a PutEvents request, as EventBridge does.
 * @param now the time of an event whose entry has none.
 * @returns a result for each entry, in their order.
 * @throws AwsError for a request that EventBridge refuses as a whole.
 */
export function readEntries(input: unknown, now: Date): readonly EntryResult[] {
  const parsed = PutEvents.safeParse(input);
  if (!parsed.success) throw invalid(`The request is not valid: ${parsed.error.issues[0]?.path.join('.')}`);
  const { Entries } = parsed.data;
  if (Entries.length < 1) throw wrongLength('greater than or equal to 1');
  if (Entries.length > MAX_ENTRIES) throw wrongLength(`less than or equal to ${MAX_ENTRIES}`);
  if (Entries.reduce((sum, entry) => sum + bytesOf(entry), 0) > MAX_REQUEST_BYTES) {
    throw invalid('Total size of the entries in the request is over the limit.');
  }
  return Entries.map((entry) => readEntry(entry, now));
}

const invalid = (message: string) => new AwsError('ValidationException', message);

const wrongLength = (allowed: string) =>
  invalid(
    `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length ${allowed}`,
  );

function bytesOf({ Source = '', DetailType = '', Detail = '', Resources, Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : TIME_BYTES);
}

function readEntry({ Source, DetailType, Detail, EventBusName, Resources, Time }: Entry, now: Date): EntryResult {
  if (!Source) return missing('Source');
  if (!DetailType) return missing('DetailType');
  if (!Detail) return missing('Detail');
  if (Source.startsWith('aws.')) return refused('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = detailOf(Detail);
  if (detail === undefined) return refused('MalformedDetail', 'Detail is malformed.');
  const time = Time === undefined ? now : new Date(Time * 1000);
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': DetailType,
    source: Source,
    account: ACCOUNT,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region: REGION,
    resources: Resources,
    detail,
  };
  return { accepted: true, bus: EventBusName, event };
}

const refused = (code: string, message: string): EntryResult => ({ accepted: false, code, message });

const missing = (name: string): EntryResult =>
  refused('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);

/** Returns undefined for text that is not a JSON object. */
function detailOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return DetailObject.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
