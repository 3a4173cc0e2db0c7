import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { type BuildOptions, build } from 'esbuild';
import * as z from 'zod';
import { readAssembly } from '../../../lib/local/template/assembly.ts';
import { environment } from './app.ts';
import { READ } from './events.ts';
import type { Candidate } from './measure.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));
const COMMON: BuildOptions = { platform: 'node', target: 'node24', format: 'cjs', logLevel: 'warning' };

/** The bundle of what runs a handler in the processes that are measured. */
export async function runtimeBundle(directory: string): Promise<string> {
  const outfile = join(directory, 'runtime.mjs');
  await build({ ...COMMON, entryPoints: [`${HERE}runtime.ts`], bundle: true, format: 'esm', outfile });
  return outfile;
}

/** What else one would deploy, beginning with the empty handler. */
export async function rivals(directory: string, awsUrl: string): Promise<Candidate[]> {
  // The runtime of Lambda brings the SDK along; what is unbundled brings all of its packages.
  symlinkSync(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  const candidate = (name: string, task: string): Candidate => ({
    name,
    task,
    env: { TABLE_NAME: 'rival', ...environment('rival', task, awsUrl) },
    first: name === EMPTY ? { event: {}, requestLabel: 'nothing', answer: '' } : READ,
  });
  const built = async (rival: string, options: BuildOptions) => {
    const task = join(directory, rival, options.bundle ? 'bundled' : 'unbundled');
    mkdirSync(task, { recursive: true });
    await build({
      ...COMMON,
      entryPoints: [`${HERE}rivals/${rival}.ts`],
      outfile: `${task}/index.${options.format === 'esm' ? 'mjs' : 'js'}`,
      ...options,
    });
    return task;
  };
  return [
    candidate(EMPTY, await built('empty', { bundle: true })),
    candidate(
      'hand-written SigV4 (no retries, timeouts, checks)',
      await built('sigv4', { bundle: true, minify: true }),
    ),
    candidate('the usual stack, bundled as the CDK does', await asTheCdkDoes(directory)),
    candidate('the usual stack, not bundled', await built('usual', { bundle: false, format: 'esm' })),
  ];
}

const EMPTY = 'empty handler';

/** The CDK's own construct for functions of Node.js, with no options that change the bundle. */
async function asTheCdkDoes(directory: string): Promise<string> {
  const outdir = join(directory, 'usual-app');
  const app = new App({ outdir });
  new NodejsFunction(new Stack(app, 'Usual'), 'Function', {
    entry: `${HERE}rivals/usual.ts`,
    runtime: Runtime.NODEJS_24_X,
    projectRoot: PROJECT,
    depsLockFilePath: join(PROJECT, 'package-lock.json'),
  });
  app.synth();
  const assembly = await readAssembly(outdir);
  const { Resources } = assembly.template;
  const [fn] = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  return assembly.asset(z.object({ S3Key: z.string() }).parse(fn?.Properties.Code).S3Key);
}
