import { get, type IncomingMessage } from 'node:http';
import { LocalFault } from '../fault.ts';
import { readAddress } from './address.ts';
import { BusEvent, STREAM_PATH, StreamStart } from './stream.ts';

export interface RunningBuses extends StreamStart {
  /** The endpoint of the event buses. */
  readonly url: string;
  /** Ends with the run. */
  readonly events: AsyncIterable<BusEvent>;
}

/**
 * Connects to the event buses of the local run that uses a data directory.
 * @throws LocalFault when no run uses it.
 */
export async function connectToBuses(dataDir: string): Promise<RunningBuses> {
  const url = readAddress(dataDir);
  const lines = url === undefined ? undefined : await linesAt(`${url}${STREAM_PATH}`);
  const first = await lines?.next();
  // After a run that was killed, another program can have its port.
  const start = StreamStart.safeParse(first?.done ? undefined : parsed(first?.value));
  if (url === undefined || lines === undefined || !start.success) {
    throw noRun(dataDir);
  }
  return { ...start.data, url, events: eventsIn(lines) };
}

export const noRun = (dataDir: string): LocalFault =>
  new LocalFault(
    `No local run uses the directory ${dataDir}: start one with \`npm start\`, or name its directory with DATA_DIR.`,
  );

async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<BusEvent> {
  for await (const line of lines) yield BusEvent.parse(parsed(line));
}

/** Returns undefined where no server answers. It has no timeout: a bus can be silent for hours. */
async function linesAt(url: string): Promise<AsyncGenerator<string> | undefined> {
  const { promise, resolve } = Promise.withResolvers<IncomingMessage | undefined>();
  get(url, resolve).on('error', () => resolve(undefined));
  const response = await promise;
  return response && linesOf(response);
}

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  let text = '';
  try {
    for await (const chunk of response.setEncoding('utf8')) {
      const lines = `${text}${chunk}`.split('\n');
      text = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // The run was killed, which ends the response without its last chunk.
  }
}

/** Returns undefined for text that is not JSON. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
