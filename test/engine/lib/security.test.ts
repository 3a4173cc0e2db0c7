import type { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { templateOf, VARIANTS } from '../../fakes/template.ts';

/** What is allowed with a wildcard all the same, and why. */
const WILDCARDS: Readonly<Record<string, string>> = {
  'xray:PutTelemetryRecords, xray:PutTraceSegments on *': 'X-Ray has no resources that these could name.',
};

/** Types that store no data and are no entry point of their own. */
const WITHOUT_DATA = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::Authorizer',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Cognito::UserPoolClient',
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Cognito::UserPoolResourceServer',
  'AWS::IAM::Policy',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Logs::SubscriptionFilter',
  'AWS::Route53::RecordSet',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
]);

type Templates = ReturnType<Template['toJSON']>;
type Resource = Templates[string];

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Whether a queue's policy refuses every request that doesn't come over TLS, and lets no one in but a rule of the
 * stack, to send.
 */
const admitsRulesOverTls = (queue: string, template: Templates): boolean =>
  Object.values<Resource>(template.Resources).some(({ Type, Properties }) => {
    if (Type !== 'AWS::SQS::QueuePolicy' || !same(Properties.Queues, [{ Ref: queue }])) return false;
    const own = { 'Fn::GetAtt': [queue, 'Arn'] };
    const [refusal, ...more] = Properties.PolicyDocument.Statement;
    const refuses = same(refusal, {
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Resource: own,
    });
    const isOfRule = (statement: Resource) => {
      const [rule] = statement.Condition?.ArnEquals?.['aws:SourceArn']?.['Fn::GetAtt'] ?? [];
      return (
        template.Resources[rule]?.Type === 'AWS::Events::Rule' &&
        same(statement, {
          Action: 'sqs:SendMessage',
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [rule, 'Arn'] } } },
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Resource: own,
        })
      );
    };
    return refuses && more.every(isOfRule);
  });

/** What a role may be taken on by: Lambda, or this account's schedules. */
const TRUSTED = [
  { Service: 'lambda.amazonaws.com', Condition: undefined },
  {
    Service: 'scheduler.amazonaws.com',
    Condition: {
      StringEquals: {
        'aws:SourceAccount': { Ref: 'AWS::AccountId' },
        'aws:SourceArn': expect.objectContaining({ 'Fn::Join': expect.anything() }),
      },
    },
  },
];

/** What is asked of a resource, by its type. Where no key of a customer's own is named, AWS encrypts with one of its own. */
const REQUIREMENTS: Readonly<Record<string, (properties: Resource, id: string, template: Templates) => void>> = {
  'AWS::ApiGatewayV2::DomainName': ({ DomainNameConfigurations }) =>
    expect(DomainNameConfigurations).toMatchObject([{ SecurityPolicy: 'TLS_1_2' }]),
  'AWS::DynamoDB::Table': ({ SSESpecification, ResourcePolicy }) => {
    expect(SSESpecification).toEqual({ SSEEnabled: true });
    expect(ResourcePolicy).toBeUndefined();
  },
  'AWS::SQS::Queue': ({ SqsManagedSseEnabled }, id, template) => {
    expect(SqsManagedSseEnabled).toBe(true);
    expect(admitsRulesOverTls(id, template)).toBe(true);
  },
  'AWS::Events::EventBus': ({ Policy, EventSourceName }, id, { Resources }) => {
    expect(Policy ?? EventSourceName).toBeUndefined();
    const policies = Object.values<Resource>(Resources).filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy');
    expect([id, policies]).toEqual([id, []]);
  },
  'AWS::Events::Rule': ({ Targets }, _, { Resources }) => {
    for (const { Arn, RoleArn, DeadLetterConfig } of Targets) {
      expect(RoleArn).toBeUndefined();
      for (const queue of [Arn, DeadLetterConfig.Arn]) {
        expect(Resources[queue['Fn::GetAtt'][0]].Type).toBe('AWS::SQS::Queue');
      }
    }
  },
  'AWS::Events::Archive': ({ RetentionDays }) => expect(RetentionDays).toBeGreaterThan(0),
  'AWS::Logs::LogGroup': ({ RetentionInDays }) => expect(RetentionInDays).toBeGreaterThan(0),
  'AWS::SecretsManager::Secret': ({ SecretString }) => expect(SecretString).toBeUndefined(),
  'AWS::Cognito::UserPool': ({ AdminCreateUserConfig }) =>
    expect(AdminCreateUserConfig).toEqual({ AllowAdminCreateUserOnly: true }),
  'AWS::Lambda::Function': ({ Environment = { Variables: {} } }, _, template) => {
    for (const [name, value] of Object.entries<Resource>(Environment.Variables)) {
      // A time is no secret.
      if (!/SECRET|KEY|PASSWORD|CREDENTIALS|TOKEN/.test(name) || name.endsWith('_SECONDS')) continue;
      expect(name).toMatch(/_ARN$/);
      expect(template.Resources[value.Ref]?.Type).toBe('AWS::SecretsManager::Secret');
    }
  },
  'AWS::Lambda::Permission': ({ Action, Principal, SourceArn, FunctionUrlAuthType }) => {
    expect(Action).toBe('lambda:InvokeFunction');
    expect(Principal).toMatch(/^(apigateway|logs)\.amazonaws\.com$/);
    expect(SourceArn).toBeDefined();
    expect(FunctionUrlAuthType).toBeUndefined();
  },
  'AWS::IAM::Role': ({ AssumeRolePolicyDocument, ManagedPolicyArns, Policies }) => {
    expect(ManagedPolicyArns ?? Policies).toBeUndefined();
    const [{ Principal, Condition, ...rest }, ...more] = AssumeRolePolicyDocument.Statement;
    expect(more).toEqual([]);
    expect(rest).toEqual({ Action: 'sts:AssumeRole', Effect: 'Allow' });
    expect(TRUSTED).toContainEqual({ ...Principal, Condition });
  },
};

/** Every text in a value. */
const stringsIn = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : value instanceof Object ? Object.values(value).flatMap(stringsIn) : [];

describe.each(Object.entries(VARIANTS))('the stack %s', (_, settings) => {
  let template: Templates;
  beforeAll(() => {
    template = templateOf(settings).toJSON();
  });

  it('stores its content encrypted, behind TLS, and for no other account', () => {
    for (const [id, { Type, Properties }] of Object.entries<Resource>(template.Resources)) {
      const requirement = REQUIREMENTS[Type];
      if (requirement) requirement(Properties ?? {}, id, template);
      // A type that is new here has to be thought of.
      else expect([id, Type, WITHOUT_DATA.has(Type)]).toEqual([id, Type, true]);
    }
  });

  it('names its secrets, and outputs no value of them', () => {
    const { Resources, Outputs, Parameters } = template;
    expect(Object.keys(Parameters)).toEqual(['BootstrapVersion']);
    for (const text of stringsIn([Resources, Outputs])) expect(text).not.toMatch(/\{\{resolve:|ClientSecret$/);
    for (const [name, { Value }] of Object.entries<Resource>(Outputs)) {
      if (!/Secret|Key|Password|Credentials/.test(name)) continue;
      expect(name).toMatch(/SecretArn$/);
      expect(Resources[Value.Ref].Type).toBe('AWS::SecretsManager::Secret');
    }
  });
});

it('every policy allows named actions on named resources, or has its reason here', () => {
  const wild = new Set<string>();
  const resources = Object.values(VARIANTS).flatMap((one) =>
    Object.values<Resource>(templateOf(one).toJSON().Resources),
  );
  for (const { Properties } of resources.filter(({ Type }) => Type === 'AWS::IAM::Policy')) {
    for (const { Effect, Action, Resource, ...rest } of Properties.PolicyDocument.Statement) {
      expect(Effect).toBe('Allow');
      expect(Object.keys(rest).filter((key) => key !== 'Condition')).toEqual([]);
      const named = stringsIn(Resource);
      if (!stringsIn([Action, named]).some((text) => text.includes('*'))) continue;
      wild.add(`${stringsIn([Action]).sort().join(', ')} on ${named.join(' ')}`);
    }
  }
  expect([...wild]).toEqual(Object.keys(WILDCARDS));
});
