import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { SnapshotsStack } from '../../../lib/stack.ts';

const SETTINGS = {
  machine_clients: { scoring: 'viewer' },
  event_archive_days: 30,
  certificate_arn: 'arn:aws:acm:ap-southeast-3:123456789012:certificate/0f4e0e0e-1c1c-4b1b-8a8a-3d3d3d3d3d3d',
  hosted_zone_id: 'Z0123456789ABC',
  hosted_zone_name: 'example.com',
};

/** A stage with everything in it that settings can add; what has one owner in the world is named after the stage by its operator. */
function stage(name: string): Template {
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const own = { stage: name, auth_domain_prefix: `example-${name}`, domain_name: `${name}.example.com` };
  const settings = parseSettings({ ...SETTINGS, ...own });
  return Template.fromStack(new SnapshotsStack(app, `anycheck-snapshots-${name}`, { settings }));
}

/** By type, where a name counts within something alone that each stage has of its own: the property that says in what. */
const WITHIN: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Authorizer': 'ApiId',
  'AWS::ApiGatewayV2::Stage': 'ApiId',
  'AWS::Cognito::UserPoolClient': 'UserPoolId',
  'AWS::Cognito::UserPoolGroup': 'UserPoolId',
  'AWS::Cognito::UserPoolResourceServer': 'UserPoolId',
  'AWS::IAM::Policy': 'Roles',
  'AWS::Logs::SubscriptionFilter': 'LogGroupName',
};
/** Names that tell people something, and that any number may have. */
const LABELS = ['AWS::ApiGatewayV2::Api'];

/** Whether a property is its resource's own name: `Name`, `TableName` of a Table, `GroupName` of a UserPoolGroup, … */
function isOwnName(type: string, property: string): boolean {
  const kind = type.split('::').at(-1) ?? '';
  return ['Identifier', 'Domain', kind].includes(property) || kind.endsWith(property.replace(/Name$/, ''));
}

/** The names in a template that nothing of the same stage keeps apart from another stage's. */
function names(template: Template): string[] {
  return Object.values<{ Type: string; Properties?: Record<string, unknown> }>(template.toJSON().Resources).flatMap(
    ({ Type: type, Properties = {} }) =>
      Object.entries(Properties).flatMap(([property, value]) => {
        if (typeof value !== 'string' || !isOwnName(type, property) || LABELS.includes(type)) return [];
        const within = JSON.stringify(Properties[WITHIN[type] ?? ''] ?? '');
        return within.includes('"Ref":') ? [] : [`${type} ${value}`];
      }),
  );
}

it('two stages live side by side: they have no physical name in common, and export none', () => {
  const [prod, staging] = [stage('prod'), stage('staging')];
  expect(names(prod)).toEqual(expect.arrayContaining(['AWS::Cognito::UserPoolDomain example-prod']));
  expect(names(prod).filter((name) => names(staging).includes(name))).toEqual([]);
  for (const output of Object.values(prod.toJSON().Outputs)) expect(output).not.toHaveProperty('Export');
});
