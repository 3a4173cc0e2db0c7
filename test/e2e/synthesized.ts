import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../lib/local/template/synthesize.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The cloud assembly of the app, as the local run synthesizes it. */
    assembly: string;
  }
}

/** Synthesizes the app once for all end-to-end tests. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = await mkdtemp(join(tmpdir(), 'assembly-'));
  // Faults are tried on groups that nobody knows yet, more of them than one caller has in a minute.
  const context = { unknown_reads_per_minute: 10_000 };
  provide('assembly', await synthesize({ outdir: join(directory, 'cdk.out'), context }));
  return () => rm(directory, { recursive: true, force: true });
}
