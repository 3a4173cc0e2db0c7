import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../lib/settings.ts';
import { SnapshotsStack } from '../../lib/stack.ts';

/** The stack's template under some settings, without its bundles. */
export function templateOf(settings: Record<string, unknown> = {}): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  return Template.fromStack(new SnapshotsStack(app, 'Test', { settings: parseSettings(settings) }));
}
