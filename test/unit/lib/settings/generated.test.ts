import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../lib/settings/settings.ts';
import { exampleText, schemaText } from './generated.ts';

describe('config/example.json', () => {
  it('lists every setting with its default and its meaning', async () => {
    await expect(exampleText()).toMatchFileSnapshot('../../../../config/example.json');
  });
});

describe('config/schema.json', () => {
  it('describes every setting for editors', async () => {
    await expect(schemaText()).toMatchFileSnapshot('../../../../config/schema.json');
  });

  const isValid = new Ajv().compile(JSON.parse(schemaText()));

  it('accepts the example', () => {
    isValid(JSON.parse(exampleText()));
    expect(isValid.errors).toBeNull();
  });

  it('accepts comments and null in the objects of settings', () => {
    isValid({
      fresh_seconds: { '//': 'ours', active: null },
      machine_clients: { '// scoring': 'reads', scoring: 'viewer', old: null },
    });
    expect(isValid.errors).toBeNull();
  });

  it.each<Record<string, unknown>>([
    { throttle_rps: 9 },
    { throttle_rps: 10.5 },
    { budget_share: 0 },
    { tracing: 'yes' },
    { log_retention_days: 91 },
    { stage: 'Prod' },
    { removal_policy: 'keep' },
    { fresh_seconds: { actve: 5 } },
    { machine_clients: { scoring: 'root' } },
    { machine_clients: { Scoring: 'viewer' } },
    { webhook_allowed_ports: [0] },
    { budget_shar: 0.5 },
  ])('refuses %j, as the synthesis does', (settings) => {
    expect(isValid(settings)).toBe(false);
    expect(() => parseSettings({ auth_domain_prefix: 'ours', ...settings })).toThrow(/is not (?:usable|known)/);
  });
});
