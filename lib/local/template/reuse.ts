import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hashOf } from './inputs.ts';

/** Output in a directory, and what it depends on. */
export interface Reusable {
  readonly outdir: string;
  /** A hash of all that can change the output. */
  readonly inputs: string;
  /** Writes the output into an empty directory. */
  readonly make: (directory: string) => Promise<void>;
}

/**
 * Calls `make`, unless `outdir` still holds, unchanged, what a call with the same inputs wrote. `<outdir>.json` records
 * the last complete call. One process at a time may use `outdir`.
 */
export async function makeIfChanged({ outdir, inputs, make }: Reusable): Promise<void> {
  const record = `${outdir}.json`;
  // The record names the output by its hash: output that was cut short or edited since does not match it.
  const current = () => JSON.stringify({ inputs, output: hashOf(outdir, ['.']) });
  if ((await textOf(record)) === current()) return;
  const parent = dirname(outdir);
  const prefix = `${basename(outdir)}.new-`;
  for (const left of await readdir(parent)) if (left.startsWith(prefix)) await rm(join(parent, left), REMOVAL);
  // A process that outlived its killed parent writes into a directory that no other call uses.
  const directory = await mkdtemp(join(parent, prefix));
  await make(directory);
  await rm(outdir, REMOVAL);
  await rename(directory, outdir);
  await writeFile(record, current());
}

/** Also of a directory that a process still writes into. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5 };

const textOf = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
