import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../lib/settings/settings.ts';

const certificate_arn = 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0f4e0e0e-1c1c-4b1b-8a8a-3d3d3d3d3d3d';
const NAMED = { domain_name: 'verifications.example.com', certificate_arn };

describe('a host name of one’s own', () => {
  it('is none by default', () => {
    for (const key of [...Object.keys(NAMED), 'hosted_zone_id', 'hosted_zone_name']) {
      expect(parseSettings({})).not.toHaveProperty(key);
    }
  });

  it('has its certificate in the region of the deployment, where that is known', () => {
    expect(parseSettings(NAMED, { region: 'ap-southeast-3' })).toMatchObject(NAMED);
    const sentence =
      'Setting "certificate_arn" is not usable: the certificate is in ap-southeast-3, the deployment goes to us-east-1. ' +
      'API Gateway needs a certificate in the region of the API.';
    expect(() => parseSettings(NAMED, { region: 'us-east-1' })).toThrow(sentence);
    const known = { CDK_DEFAULT_ACCOUNT: '123456789012', CDK_DEFAULT_REGION: 'us-east-1' };
    const env = {
      ...process.env,
      REQUIRE_CONFIG: '',
      ...known,
      CDK_CONTEXT_JSON: JSON.stringify({ ...NAMED, stage: 'no-file' }),
    };
    const { status, stderr } = spawnSync(process.execPath, ['bin/app.ts'], { env, encoding: 'utf8' });
    expect({ status, stderr: stderr.trim() }).toEqual({ status: 1, stderr: sentence });
    expect(parseSettings(NAMED)).toMatchObject(NAMED);
  });

  it.each([
    [NAMED],
    [{ ...NAMED, default_endpoint: false }],
    [{ ...NAMED, hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'example.com' }],
    [{ ...NAMED, hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'verifications.example.com' }],
  ])('is taken with its certificate, with or without a zone: %j', (settings) => {
    expect(parseSettings(settings)).toMatchObject(settings);
  });

  it.each([
    ['domain_name', { ...NAMED, domain_name: 'https://verifications.example.com' }],
    ['domain_name', { ...NAMED, domain_name: 'Verifications.example.com' }],
    ['domain_name', { ...NAMED, domain_name: 'localhost' }],
    ['domain_name', { ...NAMED, domain_name: '*.example.com' }],
    ['domain_name', { domain_name: NAMED.domain_name }],
    ['certificate_arn', { certificate_arn }],
    ['certificate_arn', { ...NAMED, certificate_arn: 'arn:aws:iam::123456789012:server-certificate/x' }],
    ['default_endpoint', { default_endpoint: false }],
    ['default_endpoint', { ...NAMED, default_endpoint: 'off' }],
    ['hosted_zone_id', { ...NAMED, hosted_zone_id: 'Z0123456789ABC' }],
    ['hosted_zone_name', { ...NAMED, hosted_zone_name: 'example.com' }],
    ['hosted_zone_id', { hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'example.com' }],
    ['hosted_zone_name', { ...NAMED, hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'ample.com' }],
  ])('is refused in a sentence that names %s: %j', (key, settings) => {
    expect(() => parseSettings(settings)).toThrow(new RegExp(`^Setting "${key}" is not usable: .+\\.$`));
  });
});
