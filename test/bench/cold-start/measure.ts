import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { First } from './events.ts';
import type { Report } from './runtime.ts';

/** Something that a cold start is measured of. */
export interface Candidate {
  readonly name: string;
  /** Where its `index.js` is. */
  readonly task: string;
  readonly env: Readonly<Record<string, string>>;
  readonly first: First;
}

/** Of one process. ms from its spawn; `cpu` ms of processor time, of all its threads, up to the first answer. */
export interface Measured {
  readonly loaded: number;
  readonly answered: number;
  readonly cpu: number;
  /** Bytes of the code that was loaded by then. */
  readonly code: number;
}

/** What Lambda's bootstrap gives Node.js in a function of 1024 MiB. */
const FLAGS = ['--expose-gc', '--max-http-header-size=81920', '--max-semi-space-size=51', '--max-old-space-size=921'];

/** One cold start. @param runtime the bundle of runtime.ts. @throws where the answer isn't the one expected. */
async function coldStart(runtime: string, { name, env, first }: Candidate): Promise<Measured> {
  const spawned = process.hrtime.bigint();
  const child = spawn(process.execPath, [...FLAGS, runtime, JSON.stringify(first.event)], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const read = async (fd: 1 | 2 | 3) => {
    const stream = child.stdio[fd];
    return stream instanceof Readable ? text(stream) : '';
  };
  const [said, out, err] = await Promise.all([read(3), read(1), read(2)]);
  if (said === '') throw new Error(`${name} did not answer: ${err}`);
  const report: Report = JSON.parse(said);
  if (!JSON.stringify(report.result ?? '').includes(first.answer))
    throw new Error(`${name} answered ${said}\n${out}${err}`);
  const since = (mark: string) => Number(BigInt(mark) - spawned) / 1e6;
  return {
    loaded: since(report.loaded),
    answered: since(report.answered),
    cpu: report.cpu / 1000,
    code: sizeOf(report.files),
  };
}

const sizeOf = (files: readonly string[]) => files.reduce((sum, file) => sum + statSync(file).size, 0);

/** Rounds of all candidates, each in an order of its own; a first one, that fills the machine's caches, doesn't count. */
export async function rounds(runtime: string, candidates: readonly Candidate[], n: number): Promise<Measured[][]> {
  const measured: Measured[][] = candidates.map(() => []);
  for (let round = 0; round <= n; round++) {
    const order = candidates.map((_, i) => ({ i, at: Math.random() })).sort((a, b) => a.at - b.at);
    for (const { i } of order) {
      const candidate = candidates[i];
      if (!candidate) continue;
      const one = await coldStart(runtime, candidate);
      if (round > 0) measured[i]?.push(one);
    }
  }
  return measured;
}
