import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROJECT = new URL('../../..', import.meta.url).pathname;
const PARTS = ['bin', 'lib', 'functions', 'config/example.json', 'config/schema.json', '.gitignore'];
const FILES = ['cdk.json', 'package.json'];

/** The settings that the operator of this rehearsal keeps in the file of the stage. */
const OWN = {
  throttle_rps: 170,
  alarm_topic_arn: 'arn:aws:sns:ap-southeast-3:123456789012:operations',
  domain_name: 'verifications.example.com',
  certificate_arn: 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0d8bbf0b-7dd5-4b40-8888-8dd25736052a',
};

let directory: string;
let project: string;
let clone: string;

/** Runs git without the settings of this machine. */
const git = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'upgrade-'));
  project = join(directory, 'project');
  clone = join(directory, 'clone');
  for (const part of [...PARTS, ...FILES]) cpSync(join(PROJECT, part), join(project, part), { recursive: true });
  git(directory, 'init', '-q', project);
  git(project, 'add', '.');
  git(project, 'commit', '-qm', 'A release');
  git(directory, 'clone', '-q', project, clone);
  // A link, where .gitignore knows a folder.
  appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
  symlinkSync(realpathSync(join(PROJECT, 'node_modules')), join(clone, 'node_modules'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Runs the app as the CDK's command line does, without bundles and without CloudFormation's rules, which take longest. */
function synthesis(context: Record<string, unknown>) {
  const { outcome, outdir } = run(context);
  expect(outcome).toEqual({ status: 0, stderr: '' });
  return JSON.parse(readFileSync(join(outdir, 'anycheck-snapshots-prod.template.json'), 'utf8'));
}

function run(context: Record<string, unknown>) {
  const cdk = JSON.parse(readFileSync(join(clone, 'cdk.json'), 'utf8'));
  const outdir = join(directory, 'cdk.out');
  rmSync(outdir, { recursive: true, force: true });
  const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], {
    cwd: clone,
    encoding: 'utf8',
    env: {
      ...process.env,
      CDK_VALIDATION: 'false',
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdk.context, 'aws:cdk:bundling-stacks': [], ...context }),
    },
  });
  return { outcome: { status, stderr }, outdir };
}

describe('an upgrade', { timeout: 240_000 }, () => {
  it('of a clone without the file of the stage is refused, where the file is required', () => {
    const cdk = ['node_modules/aws-cdk/bin/cdk', 'synth', '-c', 'stage=prod', '-c', 'require_config=true'];
    const { status, stdout, stderr } = spawnSync(process.execPath, cdk, { cwd: clone, encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('config/prod.json does not exist, but require_config is set.');
  });

  it('is refused while a setting that moved to the file still stands in cdk.json', () => {
    const untouched = readFileSync(join(clone, 'cdk.json'), 'utf8');
    const cdk = JSON.parse(untouched);
    writeFileSync(join(clone, 'cdk.json'), JSON.stringify({ ...cdk, context: { ...cdk.context, throttle_rps: 150 } }));
    writeFileSync(join(clone, 'config/prod.json'), JSON.stringify(OWN));
    expect(run({ stage: 'prod' }).outcome).toEqual({
      status: 1,
      stderr: 'Setting "throttle_rps" is in cdk.json and in config/prod.json: remove it from cdk.json.\n',
    });
    writeFileSync(join(clone, 'cdk.json'), untouched);
  });

  it('keeps the settings of the file, also a host name, through a pull that changes cdk.json and the code', () => {
    writeFileSync(join(clone, 'config/prod.json'), JSON.stringify({ $schema: './schema.json', ...OWN }));
    const before = synthesis({ stage: 'prod', require_config: 'true' });
    const { throttle_rps, ...texts } = OWN;
    for (const text of Object.values(texts)) expect(JSON.stringify(before)).toContain(`"${text}"`);
    expect(JSON.stringify(before)).toContain(`"ThrottlingRateLimit":${throttle_rps}`);

    const cdk = JSON.parse(readFileSync(join(project, 'cdk.json'), 'utf8'));
    const context = { '@aws-cdk/core:someNewFlag': true, ...cdk.context };
    writeFileSync(join(project, 'cdk.json'), JSON.stringify({ ...cdk, context }, null, 2));
    appendFileSync(join(project, 'lib/stack.ts'), '\n// A change of the release.\n');
    appendFileSync(join(project, 'config/example.json'), '\n');
    git(project, 'commit', '-qam', 'The next release');
    git(clone, 'pull', '-q', '--ff-only');
    expect(readFileSync(join(clone, 'cdk.json'), 'utf8')).toContain('someNewFlag');
    expect(git(clone, 'status', '--porcelain')).toBe('');

    expect(synthesis({ stage: 'prod', require_config: 'true' })).toEqual(before);
  });
});
