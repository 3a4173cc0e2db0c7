import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Order } from './child.ts';

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
/** ms: a child that is neither killed nor done by then hangs. */
const DEADLINE_MS = 60_000;

export interface Ended {
  /** The writes and queue calls that it began, in their order. */
  readonly points: readonly string[];
  /** What its scenario came to; undefined where it did not get there. */
  readonly end: string | undefined;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Bundles the child into one file, as the functions are that it stands for: it starts several times as fast. */
export async function bundleChild(directory: string): Promise<string> {
  const outfile = `${directory}/child.cjs`;
  await build({
    entryPoints: [CHILD],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Runs an order in a process of its own. */
export async function runChild(bundle: string, order: Order, env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [bundle, JSON.stringify(order)], {
    env: { ...env, NODE_COMPILE_CACHE: `${bundle}.cache` },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MS,
    killSignal: 'SIGTERM',
  });
  const { promise, resolve, reject } = Promise.withResolvers<NodeJS.Signals | null>();
  child.once('error', reject).once('close', (_, signal) => resolve(signal));
  const [said, stderr, signal] = await Promise.all([text(child.stdout), text(child.stderr), promise]);
  const lines = said.split('\n').filter((line) => line !== '');
  const end = lines.find((line) => line.startsWith('= '))?.slice(2);
  return { points: lines.filter((line) => !line.startsWith('= ')), end, signal, stderr };
}
