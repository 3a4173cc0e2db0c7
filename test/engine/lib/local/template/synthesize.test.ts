import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished, vi } from 'vitest';
import { INPUTS } from '../../../../../lib/local/template/inputs.ts';
import { appFor, synthesizeIfChanged } from '../../../../../lib/local/template/synthesize.ts';
import { scratch } from '../support/running.ts';

const PROJECT = fileURLToPath(new URL('../../../../..', import.meta.url));
/** The bundles take most of the time of a synthesis. test/engine/bench/bundles.test.ts checks what they are made of. */
const WITHOUT_BUNDLES = { 'aws:cdk:bundling-stacks': [] };
const bundles = 'none';

it('the app reads nothing but its inputs and what is installed', { timeout: 60_000 }, async () => {
  const place = scratch();
  const [outdir, TMPDIR] = [join(place, 'cdk.out'), join(place, 'tmp')];
  mkdirSync(TMPDIR);
  const { command, args, env } = await appFor(WITHOUT_BUNDLES);
  const readable = [...INPUTS, 'node_modules'].map((path) => `--allow-fs-read=${join(PROJECT, path)}`);
  const permissions = [...readable, `--allow-fs-read=${place}`, `--allow-fs-write=${place}`, '--allow-child-process'];
  // `npm run mutations` links node_modules, and the permissions are of the paths as they are written.
  const asWritten = ['--preserve-symlinks', '--preserve-symlinks-main'];
  const flags = ['--permission', '--allow-addons', ...permissions, ...asWritten];
  const options = { cwd: PROJECT, env: { ...env, CDK_OUTDIR: outdir, TMPDIR } };
  await promisify(execFile)(command, [...flags, ...args], options);
  expect(readdirSync(outdir)).toContain('manifest.json');
});

it('the app is synthesized again for another context alone, not for another shell', { timeout: 90_000 }, async () => {
  const outdir = join(scratch(), 'cdk.out');
  const manifest = () => statSync(join(outdir, 'manifest.json')).ino;
  await synthesizeIfChanged({ outdir, bundles, context: WITHOUT_BUNDLES });
  const first = manifest();
  const metadata = () => readFileSync(join(outdir, 'anycheck-snapshots-local.metadata.json'), 'utf8');
  expect(metadata()).not.toContain('opt-in region');

  vi.stubEnv('CDK_DEFAULT_ACCOUNT', '123456789012');
  vi.stubEnv('CDK_DEFAULT_REGION', 'ap-southeast-3');
  onTestFinished(() => void vi.unstubAllEnvs());
  await synthesizeIfChanged({ outdir, bundles, context: WITHOUT_BUNDLES });
  expect(manifest()).toBe(first);

  await synthesizeIfChanged({ outdir, bundles, context: { ...WITHOUT_BUNDLES, throttle_rps: 20 } });
  expect(manifest()).not.toBe(first);
  expect(metadata()).not.toContain('opt-in region');
});
