import { once } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** A function's log file. Each line starts with the time and the function's name. */
export interface Log {
  readonly file: string;
  line(text: string): void;
  /** Writes every line that arrives on `stream`. */
  capture(stream: Readable): void;
  /** Calls `listener` with every captured line, without the time and the name. */
  onLine(listener: (text: string) => void): void;
  /** Writes the last lines of the streams and closes the file. The streams must have ended. */
  close(): Promise<void>;
}

/** A start truncates a larger log file. */
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
  const captured = new Set<Interface>();
  return {
    file,
    line,
    capture(readable) {
      const lines = createInterface({ input: readable }).on('line', (text) => {
        line(text);
        for (const listener of listeners) listener(text);
      });
      captured.add(lines);
      lines.once('close', () => captured.delete(lines));
    },
    onLine: (listener) => void listeners.push(listener),
    async close() {
      await Promise.all([...captured].map((lines) => once(lines, 'close')));
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.end(resolve);
      await promise;
    },
  };
}
