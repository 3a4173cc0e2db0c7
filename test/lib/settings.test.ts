import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../lib/settings.ts';

describe('deployment settings', () => {
  it('all have defaults, beside the CDK’s own context in cdk.json', () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
    expect(parseSettings({ ...context, 'aws:cdk:enable-path-metadata': true })).toEqual(parseSettings({}));
    expect(parseSettings({})).toMatchObject({
      stage: 'prod',
      anycheck_base_url: 'https://api.anycheck.ai',
      retention_days: 400,
      fresh_seconds: { active: 5, waiting: 60, settled: 900 },
    });
  });

  it('are taken from the command line, where every value is text', () => {
    expect(
      parseSettings({ retention_days: '30', anycheck_max_rps: '0.5', fresh_seconds: '{"active": 2}' }),
    ).toMatchObject({ retention_days: 30, anycheck_max_rps: 0.5, fresh_seconds: { active: 2, waiting: 60 } });
  });

  it('refuse an unknown key in a sentence that names it and the known ones', () => {
    expect(() => parseSettings({ retention_day: 5 })).toThrow(
      /^Setting "retention_day" is not known; .*retention_days/,
    );
    expect(() => parseSettings({ fresh_seconds: { actve: 5 } })).toThrow(/"fresh_seconds.actve" is not known/);
  });

  it.each([
    ['stage', 'Prod!'],
    ['anycheck_base_url', 'api.anycheck.ai'],
    ['anycheck_base_url', 'http://api.anycheck.ai'],
    ['retention_days', 0],
    ['retention_days', '4000'],
    ['retention_days', 'many'],
    ['sweep_minutes', 0.5],
    ['removal_policy', 'keep'],
    ['log_retention_days', 91],
    ['refresh_concurrency', 1],
  ])('refuse %s = %j in a sentence that names it', (key, value) => {
    expect(() => parseSettings({ [key]: value })).toThrow(new RegExp(`^Setting "${key}" is not usable: .+\\.$`));
  });
});
