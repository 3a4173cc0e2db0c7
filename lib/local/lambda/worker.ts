import { Worker } from 'node:worker_threads';
import type { Log } from './log.ts';
import { MAX_PAYLOAD_BYTES, type Outcome } from './outcome.ts';
import type { ErrorPayload, InvokeMessage, ThreadMessage, ThreadStart } from './protocol.ts';

export interface WorkerSettings extends ThreadStart {
  /** The complete environment. A worker inherits no variable of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** MiB. It limits the heap, as a Lambda's memory does. */
  readonly memory: number;
  /** Milliseconds. */
  readonly timeout: number;
}

/** One execution environment: a thread that holds one loaded bundle and runs one invocation at a time. */
export interface LambdaWorker {
  readonly alive: boolean;
  /** Resolves with undefined once the bundle has loaded, or with the failure. */
  readonly loaded: Promise<Outcome | undefined>;
  invoke(event: string, context: InvokeMessage['context']): Promise<Outcome>;
  stop(): Promise<void>;
}

/** The time to load a bundle. Lambda allows 10 s, but a laptop starts all functions at once. */
const LOAD_MS = 30_000;
/** By default each thread keeps up to 48 MB for new objects. Less makes collections shorter, and more of them. */
const YOUNG_GENERATION_MB = 6;
const THREAD = new URL('./thread.js', import.meta.url);

export function startWorker(settings: WorkerSettings, log: Log, ended: () => void): LambdaWorker {
  const { directory, handler, env, memory, timeout } = settings;
  const start: ThreadStart = { directory, handler };
  const thread = new Worker(THREAD, {
    workerData: start,
    env: { ...env },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const printed = { stdout: log.capture(), stderr: log.capture() };

  let alive = true;
  let settle: ((outcome: Outcome) => void) | undefined;
  const finish = (outcome: Outcome) => {
    settle?.(outcome);
    settle = undefined;
  };
  const loaded = Promise.withResolvers<Outcome | undefined>();
  const end = (outcome: Outcome) => {
    if (!alive) return;
    alive = false;
    clearTimeout(loading);
    loaded.resolve(outcome);
    finish(outcome);
    ended();
  };
  const timeOut = (afterMs: number) => {
    end({ ok: false, reason: 'timed-out', message: `Task timed out after ${(afterMs / 1000).toFixed(2)} seconds` });
    void thread.terminate();
  };
  const loading = setTimeout(timeOut, LOAD_MS, LOAD_MS);
  const failure = (error: ErrorPayload) => `${error.errorType}: ${error.errorMessage}`;

  thread.on('message', (message: ThreadMessage) => {
    if (message.kind === 'printed') printed[message.stream](message.text);
    if (message.kind === 'ready') {
      clearTimeout(loading);
      loaded.resolve(undefined);
    }
    if (message.kind === 'returned') finish(returned(message.payload));
    if (message.kind === 'threw') finish({ ok: false, reason: 'threw', message: failure(message.error) });
    if (message.kind === 'broken') {
      end({ ok: false, reason: 'crashed', message: failure(message.error) });
      void thread.terminate();
    }
  });
  thread.once('error', (error) => {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log.line(`ERROR Uncaught ${error instanceof Error ? error.stack : message}`);
    end({ ok: false, reason: 'crashed', message });
  });
  thread.once('exit', (code) => {
    for (const print of Object.values(printed)) print(undefined);
    end({ ok: false, reason: 'crashed', message: `Runtime exited with status ${code} during an invocation` });
  });

  return {
    get alive() {
      return alive;
    },
    loaded: loaded.promise,
    async invoke(event, context) {
      const broken = await loaded.promise;
      if (broken !== undefined || !alive) {
        return broken ?? { ok: false, reason: 'crashed', message: 'the worker had ended' };
      }
      const outcome = Promise.withResolvers<Outcome>();
      settle = outcome.resolve;
      const timer = setTimeout(timeOut, timeout, timeout);
      const message: InvokeMessage = { event, context, deadline: Date.now() + timeout };
      thread.postMessage(message);
      try {
        return await outcome.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    async stop() {
      end({ ok: false, reason: 'stopped', message: 'the local run is ending' });
      await thread.terminate();
    },
  };
}

function returned(payload: string): Outcome {
  if (Buffer.byteLength(payload) <= MAX_PAYLOAD_BYTES) return { ok: true, payload };
  const message = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
  return { ok: false, reason: 'result-too-large', message };
}
