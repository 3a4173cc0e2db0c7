import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A function's log file: one line an entry, with the time and the function's name in front. */
export interface Log {
  readonly file: string;
  line(text: string): void;
  /** Every line that arrives on `stream`. */
  follow(stream: Readable): void;
  /** Tells of every line that arrives on a stream, without the time and the name. */
  onLine(listener: (text: string) => void): void;
  /** Waits for the last lines of the streams, which have ended by then. */
  close(): Promise<void>;
}

/** A start begins a log anew that has grown beyond this. */
const MAX_BYTES = 10 * 1024 * 1024;

export function openLog(file: string, name: string): Log {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const stream = createWriteStream(file, { flags: size > MAX_BYTES ? 'w' : 'a' });
  // A full disk costs log lines, not the run.
  stream.on('error', () => {});
  const line = (text: string) => {
    if (!stream.writableEnded) stream.write(`${new Date().toISOString()} ${name}: ${text}\n`);
  };
  const listeners: ((text: string) => void)[] = [];
  const followed = new Set<Interface>();
  return {
    file,
    line,
    follow(readable) {
      const lines = createInterface({ input: readable }).on('line', (text) => {
        line(text);
        for (const listener of listeners) listener(text);
      });
      followed.add(lines);
      lines.once('close', () => followed.delete(lines));
    },
    onLine: (listener) => void listeners.push(listener),
    async close() {
      await Promise.all([...followed].map((lines) => once(lines, 'close')));
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.end(resolve);
      await promise;
    },
  };
}
