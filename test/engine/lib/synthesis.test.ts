import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as z from 'zod';

const PROJECT = new URL('../../..', import.meta.url).pathname;
const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'synthesis-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The cloud assembly of a clone in a folder of its own: each file's text by its path. */
async function assemblyOf(...path: string[]): Promise<Record<string, string>> {
  const clone = join(directory, ...path);
  for (const part of ['bin', 'lib', 'functions', 'cdk.json', 'package.json']) {
    cpSync(join(PROJECT, part), join(clone, part), { recursive: true });
  }
  symlinkSync(realpathSync(join(PROJECT, 'node_modules')), join(clone, 'node_modules'));
  const { context } = CdkJson.parse(JSON.parse(readFileSync(join(clone, 'cdk.json'), 'utf8')));
  const outdir = join(clone, 'cdk.out');
  const env = { ...process.env, REQUIRE_CONFIG: '', CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  await promisify(execFile)(process.execPath, ['bin/app.ts'], { cwd: clone, env });
  const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map((one) => {
      const file = join(one.parentPath, one.name);
      return [file.slice(outdir.length), readFileSync(file, 'latin1')];
    }),
  );
}

it('two clones in different folders are synthesized to the same bytes', { timeout: 240_000 }, async () => {
  const one = await assemblyOf('clone');
  const other = await assemblyOf('some', 'where', 'else');
  expect(Object.keys(one).length).toBeGreaterThan(20);
  expect(Object.keys(other)).toEqual(Object.keys(one));
  expect(Object.keys(one).filter((file) => one[file] !== other[file])).toEqual([]);
});

it('the CDK CLI lists the stack without any warning', { timeout: 120_000 }, async () => {
  const cli = join(PROJECT, 'node_modules/aws-cdk/bin/cdk');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [cli, 'list', '--output', directory, '-c', 'stage=no-file'],
    {
      cwd: PROJECT,
      env: { ...process.env, REQUIRE_CONFIG: '' },
    },
  );
  expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: 'anycheck-snapshots-no-file', stderr: '' });
});
