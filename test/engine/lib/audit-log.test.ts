import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../functions/route.ts';
import { routes } from '../../../functions/routes.ts';
import { templateOf } from '../../fakes/template.ts';

let template: Template;
beforeAll(() => {
  template = templateOf();
});

const ofType = (type: string, of = template) => Object.entries(of.findResources(type));
const arn = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
/** The resource whose logical id begins so. */
function one(type: string, beginning: string, of = template) {
  const [found, ...more] = ofType(type, of).filter(([id]) => id.startsWith(beginning));
  if (!found || more.length > 0) throw new Error(`${more.length + 1} of ${type} begin with ${beginning}`);
  return { id: found[0], ...found[1], properties: found[1].Properties };
}
const forwarder = () => one('AWS::Lambda::Function', 'AuditForwarder');
const lines = (of = template) => one('AWS::Logs::LogGroup', 'AuditLines', of);
const deadLetters = () => one('AWS::SQS::Queue', 'AuditDeadLetters');

/** The functions that answer routes with a role, by the beginning of their logical ids. */
const audited = [
  ...new Set(
    Object.values<Route>(routes).flatMap(({ access, lambda }) =>
      access === 'public' ? [] : [`${lambda.replace(/^.|-./g, (at) => at.slice(-1).toUpperCase())}Function`],
    ),
  ),
];

describe('the audit log group', () => {
  it('is kept for five years, or as long as the settings say, and stays when the stack goes', () => {
    expect(lines()).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 1827 },
    });
    const passing = templateOf({ audit_retention_days: '3653', removal_policy: 'destroy', log_retention_days: 7 });
    expect(lines(passing)).toMatchObject({ DeletionPolicy: 'Delete', Properties: { RetentionInDays: 3653 } });
    expect(one('AWS::Logs::LogGroup', 'AuditForwarderLogs', passing).properties.RetentionInDays).toBe(7);
  });

  it('gets the audit lines of every function with a route that needs a role, and nothing of any other', () => {
    const filters = ofType('AWS::Logs::SubscriptionFilter').map(([, { Properties }]) => Properties);
    const logGroups = audited.map((name) => one('AWS::Lambda::Function', name).properties.LoggingConfig.LogGroup);
    expect(audited).toContain('VerificationsFunction');
    const byText = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    expect(filters.map(({ LogGroupName }) => LogGroupName).sort(byText)).toEqual(logGroups.sort(byText));
    for (const { FilterPattern, DestinationArn } of filters) {
      expect(FilterPattern).toBe('{ $.audit = "*" }');
      expect(DestinationArn).toEqual(arn(forwarder().id));
    }
    expect(logGroups).not.toContainEqual(forwarder().properties.LoggingConfig.LogGroup);
  });

  it('receives lines from CloudWatch Logs alone, for each of those log groups, which wait for that permission', () => {
    const permissions = ofType('AWS::Lambda::Permission').filter(
      ([, { Properties }]) => JSON.stringify(Properties.FunctionName) === JSON.stringify(arn(forwarder().id)),
    );
    expect(permissions).toHaveLength(audited.length);
    const groups = ofType('AWS::Logs::SubscriptionFilter').map(([, { Properties }]) =>
      arn(Properties.LogGroupName.Ref),
    );
    for (const [id, { Properties }] of permissions) {
      expect(Properties).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'logs.amazonaws.com' });
      expect(groups).toContainEqual(Properties.SourceArn);
      expect(ofType('AWS::Logs::SubscriptionFilter').flatMap(([, { DependsOn }]) => DependsOn)).toContain(id);
    }
  });
});

describe('the forwarder', () => {
  it('knows where the audit log is', () => {
    expect(forwarder().properties.Environment.Variables).toEqual({ AUDIT_LOG_GROUP: { Ref: lines().id } });
  });

  it('loses no delivery that fails: Lambda tries it again, then it is set aside for as long as CloudWatch would take it', () => {
    expect(forwarder().properties.DeadLetterConfig).toEqual({ TargetArn: arn(deadLetters().id) });
    // Lambda's own defaults: two more attempts, within six hours.
    expect(ofType('AWS::Lambda::EventInvokeConfig')).toEqual([]);
    const queue = deadLetters().properties;
    expect(queue).toMatchObject({ MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true });
    expect(queue).not.toHaveProperty('FifoQueue');
    expect(one('AWS::SQS::QueuePolicy', 'AuditDeadLetters').properties.PolicyDocument.Statement).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ]);
  });
});
