import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../../../lib/settings/settings.ts';

describe('deployment settings', () => {
  it('all have defaults, beside the CDK’s own context in cdk.json', () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8'));
    expect(parseSettings({ ...context, 'aws:cdk:enable-path-metadata': true })).toEqual(parseSettings({}));
    expect(parseSettings({})).toMatchObject({
      stage: 'prod',
      anycheck_base_url: 'https://api.anycheck.ai',
      retention_days: 400,
      audit_retention_days: 1827,
      fresh_seconds: { active: 5, waiting: 60, settled: 900 },
      budget_share: 0.5,
      tracing: false,
      unknown_reads_per_minute: 60,
      new_groups_per_day: 20_000,
      api_key_cache_seconds: 60,
      webhook_result_id_pointer: '/result_id',
      webhook_signed_text: '{body}',
      webhook_allowed_ports: [443],
      webhook_allow_loopback: false,
      delivery_concurrency: 10,
      console: true,
      console_scopes: 'openid',
    });
    for (const key of [
      'alarm_topic_arn',
      'event_archive_days',
      'webhook_signature_header',
      'webhook_timestamp_header',
      'webhook_allowed_hosts',
      'console_client_id',
      'console_audience',
      'console_connect_origins',
    ]) {
      expect(parseSettings({})).not.toHaveProperty(key);
    }
  });

  it('are taken from the command line, where every value is text', () => {
    expect(
      parseSettings({ retention_days: '30', anycheck_max_rps: '0.5', fresh_seconds: '{"active": 2}' }),
    ).toMatchObject({ retention_days: 30, anycheck_max_rps: 0.5, fresh_seconds: { active: 2, waiting: 60 } });
  });

  it.each([
    ['budget_share', '1', 1],
    ['openapi_public', 'false', false],
    ['tracing', 'true', true],
    ['tracing', 'false', false],
    ['audit_retention_days', '3653', 3653],
    ['event_archive_days', '30', 30],
    ['alarm_topic_arn', 'arn:aws:sns:ap-southeast-3:123456789012:alarms', undefined],
    ['webhook_result_id_pointer', '/data/a~1b/0', undefined],
    ['webhook_result_id_pointer', '/', undefined],
    ['webhook_signature_header', 'X-Webhook-Signature', 'x-webhook-signature'],
    ['webhook_signed_text', '{timestamp}.{body}', undefined],
    ['webhook_allowed_hosts', 'hooks.example.com', ['hooks.example.com']],
    ['webhook_allowed_hosts', '*.example.com, hooks.example.org', ['*.example.com', 'hooks.example.org']],
    ['webhook_allowed_hosts', '["*.example.com"]', ['*.example.com']],
    ['webhook_allowed_ports', '8443', [8443]],
    ['webhook_allowed_ports', '443,8443', [443, 8443]],
    ['webhook_allowed_ports', '[443]', [443]],
    ['delivery_concurrency', '40', 40],
    ['console', 'false', false],
    ['console_scopes', 'openid offline_access api://snapshots/.default', undefined],
  ])('take %s = %j', (key, value, parsed) => {
    expect(parseSettings({ [key]: value })).toMatchObject({ [key]: parsed ?? value });
  });

  it('refuse an unknown key in a sentence that names it and the known ones', () => {
    expect(() => parseSettings({ retention_day: 5 })).toThrow(
      /^Setting "retention_day" is not known; .*retention_days/,
    );
    expect(() => parseSettings({ fresh_seconds: { actve: 5 } })).toThrow(/"fresh_seconds.actve" is not known/);
  });

  it('refuse a setting of an earlier deployment in a sentence that names the one in its place', () => {
    expect(() => parseSettings({ unknown_follows_per_day: 1000 })).toThrow(
      /^Setting "unknown_follows_per_day" is replaced by new_groups_per_day, [^.]+\.$/,
    );
  });

  it.each([
    ['stage', 'Prod!'],
    ['anycheck_base_url', 'api.anycheck.ai'],
    ['anycheck_base_url', 'http://api.anycheck.ai'],
    ['anycheck_base_url', 'https://api.anycheck.ai/v1?tenant=7'],
    ['anycheck_base_url', 'https://api.anycheck.ai?'],
    ['anycheck_base_url', 'https://api.anycheck.ai/#v1'],
    ['anycheck_base_url', 'https://user:secret@api.anycheck.ai'],
    ['anycheck_base_url', 'https://user@api.anycheck.ai/v1'],
    ['retention_days', 0],
    ['retention_days', '4000'],
    ['retention_days', 'many'],
    ['event_archive_days', 0],
    ['event_archive_days', '3654'],
    ['sweep_minutes', 0.5],
    ['removal_policy', 'keep'],
    ['log_retention_days', 91],
    ['tracing', 'yes'],
    ['openapi_public', 'no'],
    ['tracing', 1],
    ['audit_retention_days', '1826'],
    ['audit_retention_days', 0],
    ['refresh_concurrency', 1],
    ['budget_share', 0],
    ['budget_share', '1.01'],
    ['alarm_topic_arn', 'alarms'],
    ['alarm_topic_arn', 'arn:aws:sns:ap-southeast-3:123456789012:alarms.fifo'],
    ['webhook_result_id_pointer', 'result_id'],
    ['webhook_result_id_pointer', ''],
    ['webhook_result_id_pointer', '/a~2'],
    ['webhook_signature_header', 'X Signature'],
    ['webhook_signed_text', '{timestamp}'],
    ['webhook_timestamp_header', 'X-Webhook-Timestamp'],
    ['webhook_allowed_hosts', ''],
    ['webhook_allowed_hosts', []],
    ['webhook_allowed_hosts', '*'],
    ['webhook_allowed_hosts', 'Hooks.example.com'],
    ['webhook_allowed_hosts', 'https://hooks.example.com'],
    ['webhook_allowed_hosts', 'hooks.example.com:8443'],
    ['webhook_allowed_hosts', 'hooks.*.example.com'],
    ['webhook_allowed_hosts', '203.0.113.7'],
    ['webhook_allowed_hosts', 'localhost'],
    ['webhook_allowed_hosts', 'hooks.example.com,'],
    ['webhook_allowed_ports', 0],
    ['webhook_allowed_ports', '443,65536'],
    ['webhook_allowed_ports', '443;8443'],
    ['webhook_allowed_ports', []],
    ['delivery_concurrency', 3],
    ['delivery_concurrency', 101],
    ['delivery_concurrency', '4.5'],
    ['webhook_allow_loopback', 'true'],
    ['webhook_allow_loopback', 1],
    ['console', 'no'],
    ['console_client_id', ''],
    ['console_client_id', 'console'],
    ['console_scopes', ''],
    ['console_scopes', 'openid  profile'],
    ['console_scopes', 'openid "profile"'],
    ['console_audience', 'snapshots'],
    ['console_connect_origins', 'https://login.example.com'],
    ['console_connect_origins', 'https://login.example.com/'],
    ['console_connect_origins', 'https://login.example.com; script-src *'],
    ['console_connect_origins', '*'],
    ['console_connect_origins', []],
  ])('refuse %s = %j in a sentence that names it', (key, value) => {
    expect(() => parseSettings({ [key]: value })).toThrow(
      new RegExp(`^Setting "${key}(\\.\\d+)?" is not usable: .+\\.$`),
    );
  });

  const WITH_CONSOLE = {
    oidc_issuer: 'https://login.example.com/',
    oidc_audience: 'snapshots',
    console_client_id: 'console',
  };

  it.each([
    ['https://tokens.example.com', ['https://tokens.example.com']],
    ['https://a.example.com, https://b.example.com:8443', ['https://a.example.com', 'https://b.example.com:8443']],
    [['https://a.example.com'], ['https://a.example.com']],
  ])('take console_connect_origins = %j with an issuer', (value, parsed) => {
    expect(parseSettings({ ...WITH_CONSOLE, console_connect_origins: value })).toMatchObject({
      console_connect_origins: parsed,
    });
  });

  it('allow the console to call an http origin in the stage of the local run alone', () => {
    const settings = { ...WITH_CONSOLE, console_connect_origins: 'http://127.0.0.1:1234' };
    expect(parseSettings({ ...settings, stage: 'local' }).console_connect_origins).toEqual(['http://127.0.0.1:1234']);
    expect(() => parseSettings(settings)).toThrow(
      'Setting "console_connect_origins" is not usable: must have https origins alone.',
    );
  });

  it.each([
    ['console_client_id', 'oidc_issuer', { console_client_id: 'console' }],
    ['console_audience', 'console_client_id', { ...WITH_CONSOLE, console_client_id: undefined, console_audience: 'a' }],
    [
      'console_connect_origins',
      'console_client_id',
      { ...WITH_CONSOLE, console_client_id: undefined, console_connect_origins: 'https://a.example.com' },
    ],
  ])('refuse %s without %s', (key, other, settings) => {
    expect(() => parseSettings(settings)).toThrow(`Setting "${key}" is not usable: requires ${other}.`);
  });

  it('allow webhooks to a loopback address in the stage of the local run alone', () => {
    const settings = { stage: 'local', webhook_allow_loopback: true };
    expect(parseSettings(settings)).toMatchObject({ webhook_allow_loopback: true });
    expect(() => parseSettings({ ...settings, stage: 'prod' })).toThrow(
      'Setting "webhook_allow_loopback" is not usable: requires the stage local.',
    );
  });

  it('refuse a base URL with a password, and do not repeat it', () => {
    expect(() => parseSettings({ anycheck_base_url: 'https://user:secret@api.anycheck.ai' })).toThrow(
      'Setting "anycheck_base_url" is not usable: must be an https URL without query, fragment and user.',
    );
  });
});
