import type { ServerResponse } from 'node:http';
import * as z from 'zod';

/** The path of the stream at the endpoint of the event buses. */
export const STREAM_PATH = '/events';
/** Events of this run that a new reader of the stream gets first. */
const MAX_EARLIER_EVENTS = 100;

/** The first line of the stream. */
export const StreamStart = z.object({
  /** The data directory of the run, as an absolute path. */
  dataDir: z.string(),
  /** The names of the stack's event buses. */
  buses: z.array(z.string()),
  /** How many events of this run come first. */
  earlier: z.int(),
});
export type StreamStart = z.output<typeof StreamStart>;

/** Each further line of the stream: an event that a bus of the stack accepted. */
export const BusEvent = z.object({
  bus: z.string(),
  acceptedAt: z.iso.datetime(),
  event: z.object({ source: z.string(), 'detail-type': z.string(), detail: z.unknown() }),
});
export type BusEvent = z.output<typeof BusEvent>;

/** Sends the events of the buses to readers, one line of JSON per event. */
export interface EventStream {
  add(event: BusEvent): void;
  /** Sends the last events of this run, and each new one until the reader or the run ends. */
  open(response: ServerResponse): void;
}

/** @param start returns the first line. */
export function createStream(start: () => Omit<StreamStart, 'earlier'>): EventStream {
  const earlier: string[] = [];
  const readers = new Set<ServerResponse>();
  return {
    add(event) {
      const line = `${JSON.stringify(event)}\n`;
      earlier.push(line);
      if (earlier.length > MAX_EARLIER_EVENTS) earlier.shift();
      for (const reader of readers) reader.write(line);
    },
    open(response) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      response.write(`${JSON.stringify({ ...start(), earlier: earlier.length } satisfies StreamStart)}\n`);
      for (const line of earlier) response.write(line);
      readers.add(response);
      response.once('close', () => readers.delete(response));
    },
  };
}
