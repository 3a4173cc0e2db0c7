import { spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { BREAKAGES, type Breakage } from './breakages.ts';

/** Breaks the protocol in one way after the other, in a copy, and prints which test noticed: `npm run mutations [words]`. */

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
/** The arguments of vitest for each suite: races of workers over a model of time, and processes that are killed. */
const SUITES: Readonly<Record<string, readonly string[]>> = {
  races: ['test/engine/functions/domain/refresh/races.test.ts', '-t', 'embedded'],
  kills: ['test/engine/kill'],
};
const Report = z.object({
  testResults: z.array(z.object({ assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })) })),
});

async function copy(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'mutations-'));
  for (const part of [
    'functions',
    'lib',
    'test',
    'bin',
    'docs',
    'package.json',
    'tsconfig.json',
    'vitest.config.ts',
    'cdk.json',
  ]) {
    await cp(join(PROJECT, part), join(directory, part), { recursive: true });
  }
  await symlink(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}

/** Runs of the model, and bursts of webhooks. */
const RUNS = { RACE_RUNS: '400', BURST_RUNS: '40' };
/** A suite may take this long: broken code may never end. */
const TIMEOUT_MS = 900_000;

/** The names of the tests that failed. */
async function failures(directory: string, suite: string): Promise<string[]> {
  const output = join(directory, 'report.json');
  const vitest = join(PROJECT, 'node_modules/vitest/vitest.mjs');
  const options = [
    'run',
    '--mode',
    'full',
    '--bail',
    '1',
    '--reporter',
    'json',
    '--outputFile',
    output,
    ...(SUITES[suite] ?? [suite]),
  ];
  const child = spawn(process.execPath, [vitest, ...options], {
    cwd: directory,
    stdio: 'ignore',
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...RUNS },
  });
  const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
  if (signal !== null) return ['it never ends'];
  const { testResults } = Report.parse(JSON.parse(await readFile(output, 'utf8')));
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return all.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
}

async function caughtBy(
  directory: string,
  { what, file, from, to, tests = Object.keys(SUITES) }: Breakage,
): Promise<string> {
  const path = join(directory, file);
  const text = await readFile(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`"${what}" does not fit ${file} any more`);
  await writeFile(
    path,
    text.replace(from, () => to),
  );
  let noticed = 'NO TEST';
  for (const suite of tests) {
    const [first] = noticed === 'NO TEST' ? await failures(directory, suite) : [];
    if (first) noticed = `${suite}: ${first}`;
  }
  await writeFile(path, text);
  return noticed;
}

const filter = process.argv.slice(2).join(' ');
const waiting = BREAKAGES.filter(({ what }) => what.includes(filter));
const total = waiting.length;
let missed = 0;

/** Takes one breakage after the other, in a copy of its own. */
async function worker(): Promise<void> {
  const directory = await copy();
  for (let breakage = waiting.shift(); breakage; breakage = waiting.shift()) {
    const noticed = await caughtBy(directory, breakage);
    if (noticed === 'NO TEST') missed++;
    console.log(`| ${breakage.what} | ${noticed} |`);
  }
  await rm(directory, { recursive: true });
}

if (filter === '') {
  const directory = await copy();
  for (const suite of new Set([...Object.keys(SUITES), ...BREAKAGES.flatMap(({ tests = [] }) => tests)])) {
    const sound = await failures(directory, suite);
    if (sound.length > 0) throw new Error(`tests fail without any breakage: ${sound.join('; ')}`);
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, worker));
console.log(`${total - missed} of ${total} breakages noticed`);
process.exitCode = missed > 0 ? 1 : 0;
