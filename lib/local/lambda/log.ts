import { createWriteStream, statSync } from 'node:fs';

/** A function's log file. Each line starts with the time and the function's name. */
export interface Log {
  readonly file: string;
  line(text: string): void;
  /** @returns a function that writes the lines of a text that comes in parts. `undefined` ends the last line. */
  capture(): (part: string | undefined) => void;
  /** Calls `listener` with every captured line, without the time and the name. */
  onLine(listener: (text: string) => void): void;
  /** Closes the file when all lines are written. */
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
  return {
    file,
    line,
    capture() {
      let last = '';
      return (part) => {
        const lines = (last + (part ?? (last && '\n'))).split('\n');
        last = lines.pop() ?? '';
        for (const text of lines) {
          line(text);
          for (const listener of listeners) listener(text);
        }
      };
    },
    onLine: (listener) => void listeners.push(listener),
    async close() {
      const { promise, resolve } = Promise.withResolvers<void>();
      stream.end(resolve);
      await promise;
    },
  };
}
