import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { bundleAll } from '../../../lib/local/template/bundles.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { API_KEY_CACHE_SECONDS } from './options.ts';
import { Provided } from './provided.ts';

/** Bundles and synthesizes the app once for all end-to-end tests, and starts the stack that most of their files share. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'end-to-end-'));
  // The tests of faults read more unknown groups than the default quota of one caller allows in a minute.
  const context = { unknown_reads_per_minute: 10_000, api_key_cache_seconds: API_KEY_CACHE_SECONDS };
  const bundles = join(directory, 'bundles');
  await bundleAll(bundles);
  provide('bundles', bundles);
  const assembly = await synthesize({ outdir: join(directory, 'cdk.out'), context, bundles });
  provide('assembly', assembly);
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), {
    env: { ...process.env, ASSEMBLY: assembly, DATA_DIR: directory },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const ended = once(child, 'exit');
  const broken = ended.then(([code]) => Promise.reject(new Error(`the shared stack ended with ${code}`)));
  const [message] = await Promise.race([once(child, 'message'), broken]);
  broken.catch(() => {});
  provide('shared', Provided.parse(message));
  return async () => {
    child.disconnect();
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
}
