import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { ErrorPayload, InvokeMessage, ThreadMessage, ThreadStart } from './protocol.ts';

// The code of one worker thread: it loads the bundle once, then runs one invocation at a time.

const port = parentPort;
if (port === null) throw new Error('this file is run as a worker thread');
const post = (message: ThreadMessage) => port.postMessage(message);
const start: ThreadStart = workerData;

type Handler = (event: unknown, context: unknown) => unknown;

function load({ directory, handler }: ThreadStart): Handler {
  const dot = handler.lastIndexOf('.');
  const [module, name] = [join(directory, handler.slice(0, dot)), handler.slice(dot + 1)];
  const file = ['.js', '.mjs', '.cjs'].map((extension) => module + extension).find(existsSync);
  if (file === undefined) throw new Error(`the bundle has no ${handler}`);
  if (!existsSync(join(directory, 'package.json'))) readAsCommonJs(directory);
  const exports: Record<string, unknown> = createRequire(file)(file);
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`the bundle exports no ${name}`);
  return (event, context) => found(event, context);
}

/**
 * Lambda loads a bundle without a package.json as CommonJS. Here the project's own package.json would make it an ES
 * module.
 */
function readAsCommonJs(directory: string): void {
  const inside = pathToFileURL(join(directory, '/')).href;
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith(inside) || !url.endsWith('.js')) return next(url, context);
      return { format: 'commonjs', source: readFileSync(fileURLToPath(url), 'utf8'), shortCircuit: true };
    },
  });
}

function errorPayload(error: unknown): ErrorPayload {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message };
  return { errorType: typeof error, errorMessage: String(error) };
}

async function answer(handle: Handler, { event, context, deadline }: InvokeMessage): Promise<ThreadMessage> {
  try {
    const result = await handle(JSON.parse(event), {
      ...context,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    return { kind: 'returned', payload: JSON.stringify(result) ?? 'null' };
  } catch (error) {
    console.error('Invoke Error', error);
    return { kind: 'threw', error: errorPayload(error) };
  }
}

/** Flushes the output before the result is posted, because the pool may stop the worker after the result. */
async function printed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}

try {
  const handle = load(start);
  port.on('message', async (message: InvokeMessage) => {
    const result = await answer(handle, message);
    await printed();
    post(result);
  });
  post({ kind: 'ready' });
} catch (error) {
  console.error('Init Error', error);
  post({ kind: 'broken', error: errorPayload(error) });
}
