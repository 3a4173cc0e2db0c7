import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../../../../..', import.meta.url));

/** A script of this project as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** Everything that it has said on both streams. */
  said(): string;
  /** Resolves when it has said `text`; rejects when it ends before. */
  says(text: string): Promise<void>;
  /** Its exit status, or the signal that ended it, and how many milliseconds from now that took. */
  ended(): Promise<{ readonly status: number | string | null; readonly ms: number }>;
}

/** `variables` are added to a bare environment: what the tests run in has no say. */
export function startProcess(
  script: string,
  variables: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Running {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    cwd: PROJECT,
    env: { PATH: process.env.PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const exit = new Promise<number | string | null>((resolve) => {
    child.once('close', (status, signal) => resolve(status ?? signal));
  });
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      for (const listener of listeners) listener();
    });
  }
  return {
    child,
    said: () => text,
    async says(expected) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const check = () => text.includes(expected) && resolve();
      listeners.add(check);
      check();
      void exit.then((status) => reject(new Error(`ended with ${status} before it said ${expected}:\n${text}`)));
      await promise;
      listeners.delete(check);
    },
    async ended() {
      const began = Date.now();
      return { status: await exit, ms: Date.now() - began };
    },
  };
}
