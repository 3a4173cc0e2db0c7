import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { startLocal } from '../../../lib/local/main.ts';
import { synthesize } from '../../../lib/local/template/synthesize.ts';
import { temporaryDirectory } from '../../engine/lib/local/support/running.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

it('an app with a host name of its own runs on this machine, under this machine’s name', {
  timeout: 60_000,
}, async () => {
  const context = {
    domain_name: 'verifications.example.com',
    certificate_arn: 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0f4e0e0e-1c1c-4b1b-8a8a-3d3d3d3d3d3d',
    hosted_zone_id: 'Z0123456789ABC',
    hosted_zone_name: 'example.com',
  };
  const assembly = await synthesize({ context, outdir: join(directory.path, 'cdk.out'), bundles: inject('bundles') });
  const stack = await startLocal({ assembly, dataDir: join(directory.path, 'data') });
  try {
    expect((await fetch(`${stack.url}/health`)).status).toBe(200);
    expect(stack.outputs.ApiUrl).toBe('https://verifications.example.com');
    expect(stack.outputs.DomainTarget).toBe('127.0.0.1');
  } finally {
    await stack.close();
  }
});
