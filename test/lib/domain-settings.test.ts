import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../lib/settings.ts';

const certificate_arn = 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0f4e0e0e-1c1c-4b1b-8a8a-3d3d3d3d3d3d';
const NAMED = { domain_name: 'verifications.example.com', certificate_arn };

describe('a host name of one’s own', () => {
  it('is none by default', () => {
    for (const key of [...Object.keys(NAMED), 'hosted_zone_id', 'hosted_zone_name']) {
      expect(parseSettings({})).not.toHaveProperty(key);
    }
  });

  it.each([
    [NAMED],
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
    ['hosted_zone_id', { ...NAMED, hosted_zone_id: 'Z0123456789ABC' }],
    ['hosted_zone_name', { ...NAMED, hosted_zone_name: 'example.com' }],
    ['hosted_zone_id', { hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'example.com' }],
    ['hosted_zone_name', { ...NAMED, hosted_zone_id: 'Z0123456789ABC', hosted_zone_name: 'ample.com' }],
  ])('is refused in a sentence that names %s: %j', (key, settings) => {
    expect(() => parseSettings(settings)).toThrow(new RegExp(`^Setting "${key}" is not usable: .+\\.$`));
  });
});
