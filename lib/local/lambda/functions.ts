import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import type { Assembly } from '../template/assembly.ts';
import { IGNORED } from '../template/ignored.ts';
import { labelOf } from '../template/label.ts';
import type { Stack } from '../template/stack.ts';
import { runtimeEnvironment, type ServiceEndpoints } from './environment.ts';
import { openLog } from './log.ts';
import type { Outcome } from './outcome.ts';
import { createPool } from './pool.ts';

export const FunctionProperties = z.strictObject({
  Architectures: IGNORED,
  Code: z.strictObject({ S3Bucket: IGNORED, S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.string().regex(/^nodejs/, 'only Node.js functions run here'),
  Timeout: z.int(),
  MemorySize: z.int(),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()) }).default({ Variables: {} }),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.strictObject({ LogFormat: IGNORED, LogGroup: z.string() }),
  Role: IGNORED,
  TracingConfig: IGNORED,
});

/**
 * Concurrent workers of one function. Lambda allows a thousand; a laptop's memory allows fewer. Two functions with as
 * many workers, and one of each other function, hold some 2 GB.
 */
const MAX_WORKERS = 16;

/** An invocation that computes takes less; one that waits for AnyCheck takes longer. */
const STALL_MS = 50;
/** Lambda keeps an unused execution environment for minutes. A worker holds some 25 MB. */
const IDLE_WORKER_MS = 20_000;

/** The Lambdas of the stack. */
export interface Functions {
  /** Finds a function by its logical id, name or ARN. @throws LocalFault when there is no such function. */
  find(reference: string): LambdaFunction;
  readonly all: readonly LambdaFunction[];
  /** Resolves when each function has loaded. @throws LocalFault with the name of a function that failed to load. */
  ready(): Promise<void>;
  /**
   * Stops the functions after `graceMs` milliseconds at most.
   * @param but functions that keep running until a later call.
   */
  close(graceMs: number, but?: readonly LambdaFunction[]): Promise<void>;
}

export interface LambdaFunction {
  readonly logicalId: string;
  /** A readable name: the construct's path without the stack. */
  readonly label: string;
  readonly logFile: string;
  /** The name of its log group. */
  readonly logGroup: string;
  /** The dead-letter queue of failed asynchronous invocations. */
  readonly deadLetterArn: string | undefined;
  /** Calls `listener` with every line that the function prints. */
  onLine(listener: (line: string) => void): void;
  invoke(event: unknown): Promise<Outcome>;
}

export interface FunctionsProps {
  readonly stack: Stack;
  readonly assembly: Assembly;
  readonly endpoints: ServiceEndpoints;
  readonly logDirectory: string;
  /** Called after every failed invocation. */
  readonly onFailure?: ((label: string, message: string, logFile: string) => void) | undefined;
}

export function startFunctions({ stack, assembly, endpoints, logDirectory, onFailure }: FunctionsProps): Functions {
  mkdirSync(logDirectory, { recursive: true });
  const started = stack.resources('AWS::Lambda::Function').map((resource) => {
    const properties = resource.properties(FunctionProperties);
    const label = labelOf(resource, stack.name);
    const log = openLog(join(logDirectory, `${label}.log`), label);
    const bundle = { directory: assembly.asset(properties.Code.S3Key), handler: properties.Handler };
    const logs = { logGroup: properties.LoggingConfig.LogGroup, logStream: 'local' };
    const identity = {
      name: resource.ref,
      ...bundle,
      ...logs,
      runtime: properties.Runtime,
      memory: properties.MemorySize,
    };
    const pool = createPool(
      {
        ...bundle,
        env: { ...properties.Environment.Variables, ...runtimeEnvironment(identity, endpoints) },
        memory: properties.MemorySize,
        timeout: properties.Timeout * 1000,
        concurrency: MAX_WORKERS,
        stallMs: STALL_MS,
        idleMs: IDLE_WORKER_MS,
        context: {
          functionName: resource.ref,
          functionVersion: '$LATEST',
          invokedFunctionArn: resource.attributes.Arn ?? resource.ref,
          memoryLimitInMB: String(properties.MemorySize),
          logGroupName: logs.logGroup,
          logStreamName: logs.logStream,
        },
      },
      log,
    );
    const warm = pool.warm();
    const fn: LambdaFunction = {
      logicalId: resource.logicalId,
      label,
      logFile: log.file,
      logGroup: logs.logGroup,
      deadLetterArn: properties.DeadLetterConfig?.TargetArn,
      onLine: log.onLine,
      async invoke(event) {
        const outcome = await pool.invoke(event);
        if (!outcome.ok && outcome.reason !== 'stopped') onFailure?.(label, outcome.message, log.file);
        return outcome;
      },
    };
    const close = async (graceMs: number) => {
      await pool.close(graceMs);
      await log.close();
    };
    const ready = async () => {
      const failed = await warm;
      if (failed && !failed.ok) throw new LocalFault(`${label} cannot be loaded: ${failed.message} (${log.file})`);
    };
    return { names: [resource.logicalId, resource.ref, resource.attributes.Arn], fn, ready, close };
  });
  return {
    all: started.map(({ fn }) => fn),
    find(reference) {
      const found = started.find(({ names }) => names.includes(reference));
      if (found !== undefined) return found.fn;
      throw new LocalFault(`The template calls the function ${reference}, which is not in it.`);
    },
    async ready() {
      await Promise.all(started.map(({ ready }) => ready()));
    },
    async close(graceMs, but = []) {
      await Promise.all(started.flatMap(({ fn, close }) => (but.includes(fn) ? [] : [close(graceMs)])));
    },
  };
}
