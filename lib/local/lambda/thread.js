// @ts-check
/** @import { ErrorPayload, InvokeMessage, ThreadMessage, ThreadStart } from './protocol.ts' */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

// The code of one worker thread: it loads the bundle once, then runs one invocation at a time. It is JavaScript, because
// Node.js would load its type stripper into each thread, which takes 5 MB and a quarter of a thread's start.

const port = parentPort;
if (port === null) throw new Error('this file is run as a worker thread');
/** @param {ThreadMessage} message */
const post = (message) => port.postMessage(message);
/** @type {ThreadStart} */
const start = workerData;

/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

/** @param {ThreadStart} start @returns {Handler} */
function load({ directory, handler }) {
  const dot = handler.lastIndexOf('.');
  const module = join(directory, handler.slice(0, dot));
  const name = handler.slice(dot + 1);
  const file = ['.js', '.mjs', '.cjs'].map((extension) => module + extension).find(existsSync);
  if (file === undefined) throw new Error(`the bundle has no ${handler}`);
  if (!existsSync(join(directory, 'package.json'))) readAsCommonJs(directory);
  /** @type {Record<string, unknown>} */
  const exports = createRequire(file)(file);
  const found = exports[name];
  if (typeof found !== 'function') throw new Error(`the bundle exports no ${name}`);
  return (event, context) => found(event, context);
}

/**
 * Lambda loads a bundle without a package.json as CommonJS. Here the project's own package.json would make it an ES
 * module.
 * @param {string} directory
 */
function readAsCommonJs(directory) {
  const inside = pathToFileURL(join(directory, '/')).href;
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith(inside) || !url.endsWith('.js')) return next(url, context);
      return { format: 'commonjs', source: readFileSync(fileURLToPath(url), 'utf8'), shortCircuit: true };
    },
  });
}

/** @param {unknown} error @returns {ErrorPayload} */
function errorPayload(error) {
  if (error instanceof Error) return { errorType: error.name, errorMessage: error.message };
  return { errorType: typeof error, errorMessage: String(error) };
}

/** @param {Handler} handle @param {InvokeMessage} message @returns {Promise<ThreadMessage>} */
async function answer(handle, { event, context, deadline }) {
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

/**
 * A stream whose output goes through the port of the results, and so arrives before the result of its invocation. Each
 * write to a thread's own streams would wait for the main thread.
 * @param {'stdout' | 'stderr'} stream
 */
const output = (stream) =>
  new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      post({ kind: 'printed', stream, text: String(chunk) });
      done();
    },
  });

Object.defineProperties(process, { stdout: { value: output('stdout') }, stderr: { value: output('stderr') } });
try {
  const handle = load(start);
  port.on('message', async (/** @type {InvokeMessage} */ message) => {
    post(await answer(handle, message));
  });
  post({ kind: 'ready' });
} catch (error) {
  console.error('Init Error', error);
  post({ kind: 'broken', error: errorPayload(error) });
}
