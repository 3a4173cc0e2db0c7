import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../lib/settings/settings.ts';
import { SnapshotsStack } from '../../lib/stack.ts';

/** Settings that put other resources into the stack, or leave some out. */
export const VARIANTS = {
  'as it comes': {},
  'with an issuer that is there already': {
    oidc_issuer: 'https://login.example.com/',
    oidc_audience: 'snapshots',
    console_client_id: 'console',
  },
  'with machines': { machine_clients: { scoring: 'viewer', purge: 'admin' }, auth_domain_prefix: 'ours' },
  'with a topic for alarms': { alarm_topic_arn: 'arn:aws:sns:ap-southeast-3:123456789012:operations' },
  'with an archive of events': { event_archive_days: 30 },
  'with traces and a guarded description': { tracing: true, openapi_public: false },
  'without a console': { console: false },
  'with a name of its own': {
    domain_name: 'verifications.example.com',
    certificate_arn: 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0d8bbf0b-7dd5-4b40-8888-8dd25736052a',
    hosted_zone_id: 'Z0123456789ABCDEFGHIJ',
    hosted_zone_name: 'example.com',
    default_endpoint: false,
  },
  'that leaves nothing behind': { removal_policy: 'destroy', group_retention_days: 30 },
} satisfies Record<string, Record<string, unknown>>;

/** The stack under some settings, without its bundles. */
export function stackOf(settings: Record<string, unknown> = {}): SnapshotsStack {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return new SnapshotsStack(app, 'Test', { settings: parseSettings(settings) });
}

const templates = new Map<string, Template>();

/** The template of that stack, synthesized once: to be read, not changed. */
export function templateOf(settings: Record<string, unknown> = {}): Template {
  const key = JSON.stringify(settings);
  const template = templates.get(key) ?? Template.fromStack(stackOf(settings));
  templates.set(key, template);
  return template;
}
