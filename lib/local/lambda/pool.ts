import { randomUUID } from 'node:crypto';
import { settleWithin } from '../settle-within.ts';
import type { Log } from './log.ts';
import { MAX_PAYLOAD_BYTES, type Outcome } from './outcome.ts';
import type { InvocationContext } from './protocol.ts';
import { type LambdaWorker, startWorker, type WorkerSettings } from './worker.ts';

export interface PoolSettings extends WorkerSettings {
  readonly context: Omit<InvocationContext, 'awsRequestId'>;
  /** Concurrent workers. Further invocations wait for a free one. */
  readonly concurrency: number;
  /**
   * Milliseconds without any worker becoming free after which the pool starts more. While busy workers become free,
   * more of them would only share the same processors.
   */
  readonly stallMs: number;
  /** Milliseconds after which an unused worker stops. The last worker of a pool stays. */
  readonly idleMs: number;
}

/** The workers of one function. One stays warm, and the pool starts more on demand or after a crash. */
export interface LambdaPool {
  invoke(event: unknown): Promise<Outcome>;
  /** Starts a worker before the first invocation. @returns undefined once it has loaded, or the failure. */
  warm(): Promise<Outcome | undefined>;
  /** Rejects new invocations, waits up to `graceMs` milliseconds for running ones, then stops the workers. */
  close(graceMs: number): Promise<void>;
}

const STOPPED: Outcome = { ok: false, reason: 'stopped', message: 'the local run is ending' };

export function createPool(settings: PoolSettings, log: Log): LambdaPool {
  const workers = new Set<LambdaWorker>();
  /** Unused workers with the timers that stop them, the one that was used last at the end. */
  const idle = new Map<LambdaWorker, NodeJS.Timeout>();
  const waiting: ((worker: LambdaWorker | Outcome) => void)[] = [];
  let starting = 0;
  let stalled: NodeJS.Timeout | undefined;
  const running = new Set<Promise<unknown>>();
  let closed = false;

  /** A loaded worker serves invocations. A worker that fails to load fails the invocation that waited longest. */
  const start = (): LambdaWorker => {
    starting++;
    const worker = startWorker(settings, log, () => {
      workers.delete(worker);
      leaveIdle(worker);
    });
    workers.add(worker);
    void worker.loaded.then((failed) => {
      starting--;
      if (failed === undefined) return release(worker);
      waiting.shift()?.(failed);
      growAfterStall();
    });
    return worker;
  };
  const leaveIdle = (worker: LambdaWorker) => {
    clearTimeout(idle.get(worker));
    idle.delete(worker);
  };
  /** Starts a worker at once where there is none. Each stall doubles the workers, at most to one per invocation. */
  const growAfterStall = () => {
    clearTimeout(stalled);
    if (closed || waiting.length === 0) return;
    if (workers.size === 0) start();
    stalled = setTimeout(() => {
      const free = settings.concurrency - workers.size;
      const more = Math.min(workers.size || 1, waiting.length - starting, free);
      for (let i = 0; i < more; i++) start();
      growAfterStall();
    }, settings.stallMs);
  };
  /** Returns the idle worker that was used last, or waits for the first busy or new worker that becomes free. */
  const acquire = async (): Promise<LambdaWorker | Outcome> => {
    if (closed) return STOPPED;
    const worker = [...idle.keys()].at(-1);
    if (worker !== undefined) {
      leaveIdle(worker);
      return worker;
    }
    const { promise, resolve } = Promise.withResolvers<LambdaWorker | Outcome>();
    if (waiting.push(resolve) === 1) growAfterStall();
    return promise;
  };
  const release = (worker: LambdaWorker) => {
    if (worker.alive) {
      const next = waiting.shift();
      if (next !== undefined) next(worker);
      else idle.set(worker, setTimeout(stopUnused, settings.idleMs, worker));
    }
    growAfterStall();
  };
  const stopUnused = (worker: LambdaWorker) => {
    if (workers.size > 1) void worker.stop();
    else idle.set(worker, setTimeout(stopUnused, settings.idleMs, worker));
  };

  const run = async (event: unknown): Promise<Outcome> => {
    const payload = JSON.stringify(event) ?? 'null';
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) {
      return { ok: false, reason: 'event-too-large', message: `the event exceeds ${MAX_PAYLOAD_BYTES} bytes` };
    }
    const worker = await acquire();
    if ('ok' in worker) return worker;
    const awsRequestId = randomUUID();
    log.line(`START RequestId: ${awsRequestId}`);
    const began = performance.now();
    const outcome = await worker.invoke(payload, { ...settings.context, awsRequestId });
    const took = (performance.now() - began).toFixed(1);
    log.line(
      `REPORT RequestId: ${awsRequestId} Duration: ${took} ms${outcome.ok ? '' : ` Status: ${outcome.reason}: ${outcome.message}`}`,
    );
    release(worker);
    return outcome;
  };

  return {
    async invoke(event) {
      const outcome = run(event);
      running.add(outcome);
      try {
        return await outcome;
      } finally {
        running.delete(outcome);
      }
    },
    warm: () => start().loaded,
    async close(graceMs) {
      closed = true;
      clearTimeout(stalled);
      for (const refuse of waiting.splice(0)) refuse(STOPPED);
      await settleWithin(Promise.allSettled(running), graceMs);
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
