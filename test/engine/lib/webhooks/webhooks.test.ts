import { describe, expect, it } from 'vitest';
import { templateOf, VARIANTS } from '../../../fakes/template.ts';

const ofType = (type: string, settings: Record<string, unknown> = {}) =>
  Object.entries(templateOf(settings).findResources(type));
const functionOf = (name: string, settings: Record<string, unknown> = {}) =>
  ofType('AWS::Lambda::Function', settings).find(([id]) => id.startsWith(`${name}Function`))?.[1].Properties;
/** A logical id without its hash. */
const nameOf = (id: string) => id.replace(/[0-9A-F]{8}$/, '');
const idOf = (type: string, name: string) => ofType(type).find(([id]) => nameOf(id) === name)?.[0] ?? '';
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });

describe('the webhooks', () => {
  const queues = () => new Map(ofType('AWS::SQS::Queue').map(([id, one]) => [nameOf(id), one]));

  it('begin with a rule on the bus of this stack that matches the events about groups alone', () => {
    const [[bus] = []] = ofType('AWS::Events::EventBus');
    const rules = ofType('AWS::Events::Rule');
    expect(rules).toHaveLength(1);
    expect(rules[0]?.[1].Properties).toMatchObject({
      EventBusName: { Ref: bus },
      State: 'ENABLED',
      EventPattern: {
        source: ['anycheck-snapshots'],
        'detail-type': [
          'group.created',
          'group.updated',
          'group.settled',
          'group.reopened',
          'group.erased',
          'group.redacted',
        ],
      },
      Targets: [
        {
          Arn: arnOf(idOf('AWS::SQS::Queue', 'DispatchQueue')),
          DeadLetterConfig: { Arn: arnOf(idOf('AWS::SQS::Queue', 'DispatchRuleDeadLetters')) },
        },
      ],
    });
    expect(rules[0]?.[1].Properties).not.toHaveProperty('Name');
  });

  it('let EventBridge send from that rule alone, and to the two queues that it needs', () => {
    const [[rule = ''] = []] = ofType('AWS::Events::Rule');
    const allowed = ofType('AWS::SQS::QueuePolicy').flatMap(([, { Properties }]) => {
      const [, ...more] = Properties.PolicyDocument.Statement;
      return more.map((one: unknown) => [Properties.Queues, one]);
    });
    const statementOf = (queue: string) => [
      [{ Ref: queue }],
      {
        Action: 'sqs:SendMessage',
        Condition: { ArnEquals: { 'aws:SourceArn': arnOf(rule) } },
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Resource: arnOf(queue),
      },
    ];
    expect(allowed).toEqual(
      ['DispatchQueue', 'DispatchRuleDeadLetters'].map((name) => statementOf(idOf('AWS::SQS::Queue', name))),
    );
  });

  it('wait for days, are hidden for longer than their function runs, and are set aside for 14 days', () => {
    for (const [name, fn, maxReceiveCount] of [
      ['DispatchQueue', 'Dispatch', 1_000],
      ['DeliverQueue', 'Deliver', 3],
    ] as const) {
      const queue = queues().get(name)?.Properties;
      expect(queue).toMatchObject({ MessageRetentionPeriod: 4 * 86_400, VisibilityTimeout: 90 });
      expect(queue).not.toHaveProperty('FifoQueue');
      expect(queue?.RedrivePolicy).toEqual({
        deadLetterTargetArn: arnOf(idOf('AWS::SQS::Queue', `${name}DeadLetters`)),
        maxReceiveCount,
      });
      expect(queue?.VisibilityTimeout).toBeGreaterThan(functionOf(fn).Timeout);
    }
    for (const name of ['DispatchQueueDeadLetters', 'DeliverQueueDeadLetters', 'DispatchRuleDeadLetters']) {
      expect(queues().get(name)?.Properties).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
    }
  });

  it('have a bounded number of invocations with one message each, deliveries as many as the settings say', () => {
    const mappings = (settings: Record<string, unknown>) =>
      ofType('AWS::Lambda::EventSourceMapping', settings).map(([, { Properties }]) => [
        Properties.FunctionName.Ref.replace(/Function.*/, ''),
        Properties.BatchSize,
        Properties.ScalingConfig.MaximumConcurrency,
      ]);
    expect(mappings({}).slice(2)).toEqual([
      ['Dispatch', 1, 2],
      ['Deliver', 1, 10],
    ]);
    expect(mappings({ delivery_concurrency: 40 }).slice(2)).toEqual([
      ['Dispatch', 1, 2],
      ['Deliver', 1, 40],
    ]);
  });

  it('take at most a quarter of the deliveries at once for one endpoint', () => {
    const slots = (settings: Record<string, unknown>) =>
      functionOf('Deliver', settings).Environment.Variables.SLOTS_PER_ENDPOINT;
    expect(slots({})).toBe('2');
    expect(slots({ delivery_concurrency: 4 })).toBe('1');
    expect(slots({ delivery_concurrency: 40 })).toBe('10');
  });

  it.each(['Deliver', 'WebhookEndpoints'])(
    'go where the settings allow, and never to this service itself: %s',
    (name) => {
      const variables = (settings: Record<string, unknown>) => functionOf(name, settings).Environment.Variables;
      expect(variables({})).toMatchObject({
        WEBHOOK_ALLOWED_HOSTS: '',
        WEBHOOK_ALLOWED_PORTS: '443',
        WEBHOOK_ALLOW_LOOPBACK: 'false',
        OWN_HOSTS: '',
      });
      const settings = {
        webhook_allowed_hosts: '*.example.com,hooks.example.org',
        webhook_allowed_ports: [443, 8443],
      };
      expect(
        variables({ ...settings, ...VARIANTS['with a name of its own'], ...VARIANTS['with machines'] }),
      ).toMatchObject({
        WEBHOOK_ALLOWED_HOSTS: '*.example.com,hooks.example.org',
        WEBHOOK_ALLOWED_PORTS: '443,8443',
        OWN_HOSTS: {
          'Fn::Join': ['', ['verifications.example.com,ours.auth.', { Ref: 'AWS::Region' }, '.amazoncognito.com']],
        },
      });
      expect(variables({ stage: 'local', webhook_allow_loopback: true })).toMatchObject({
        WEBHOOK_ALLOW_LOOPBACK: 'true',
      });
    },
  );
});

describe('the keyring of webhooks', () => {
  it('is made up once for each deployment, as it was first deployed: a change would lose all signing secrets', () => {
    const [[, secret] = []] = ofType('AWS::SecretsManager::Secret').filter(([id]) => id.startsWith('WebhookKeyring'));
    expect(secret?.Properties.GenerateSecretString).toEqual({
      SecretStringTemplate: '{"previous_keys":[]}',
      GenerateStringKey: 'key',
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
  });
});
