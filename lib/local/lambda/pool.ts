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
}

/** The workers of one function. They stay warm, and the pool starts more on demand or after a crash. */
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
  const idle: LambdaWorker[] = [];
  const waiting: ((worker: LambdaWorker | Outcome) => void)[] = [];
  let starting = 0;
  const running = new Set<Promise<unknown>>();
  let closed = false;

  /** A loaded worker serves invocations. A worker that fails to load fails the invocation that waited longest. */
  const start = (): LambdaWorker => {
    starting++;
    const worker = startWorker(settings, log, () => {
      workers.delete(worker);
      if (idle.includes(worker)) idle.splice(idle.indexOf(worker), 1);
    });
    workers.add(worker);
    void worker.loaded.then((failed) => {
      starting--;
      if (failed === undefined) release(worker);
      else waiting.shift()?.(failed);
    });
    return worker;
  };
  const grow = () => {
    if (!closed && starting < waiting.length && workers.size < settings.concurrency) start();
  };
  /** Returns an idle worker, or waits for the first busy or new worker that becomes free. */
  const acquire = async (): Promise<LambdaWorker | Outcome> => {
    if (closed) return STOPPED;
    const worker = idle.pop();
    if (worker !== undefined) return worker;
    const { promise, resolve } = Promise.withResolvers<LambdaWorker | Outcome>();
    waiting.push(resolve);
    grow();
    return promise;
  };
  const release = (worker: LambdaWorker) => {
    if (!worker.alive) return grow();
    const next = waiting.shift();
    if (next !== undefined) next(worker);
    else idle.push(worker);
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
      for (const refuse of waiting.splice(0)) refuse(STOPPED);
      await settleWithin(Promise.allSettled(running), graceMs);
      await Promise.all([...workers].map((worker) => worker.stop()));
    },
  };
}
