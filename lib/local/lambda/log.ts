import { createWriteStream, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A function's log file: one line an entry, with the time and the function's name in front. */
export interface Log {
  readonly file: string;
  line(text: string): void;
  /** Every line that arrives on `stream`. */
  follow(stream: Readable): void;
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
  return {
    file,
    line,
    follow: (readable) => void createInterface({ input: readable }).on('line', line),
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.end(resolve);
      await promise;
    },
  };
}
