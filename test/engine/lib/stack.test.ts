import { Match, type Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../functions/routes.ts';
import { routeKeys, routeKeysOfKeys } from '../../fakes/route-keys.ts';
import { templateOf, VARIANTS } from '../../fakes/template.ts';

let template: Template;
beforeAll(() => {
  template = templateOf();
});

const ofType = (type: string) => Object.entries(template.findResources(type));
const list = (value: string | string[]): string[] => [value].flat();

/** The secrets, by the variable that names one. */
const SECRETS: Record<string, string> = {
  ANYCHECK_SECRET_ARN: 'AnyCheckSecretAA5407FE',
  WEBHOOK_SECRET_ARN: 'WebhookSecret00325DF1',
  KEYRING_SECRET_ARN: 'WebhookKeyringSecret84C51C62',
};
const TABLE_ACTIONS = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
  (one) => `dynamodb:${one}`,
);
interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}
/** What is allowed, and to which function. */
function statements() {
  const all: { readonly owner: string; readonly statement: Statement }[] = [];
  for (const [id, { Properties }] of ofType('AWS::IAM::Policy')) {
    const owner = id.replace(/Role(ForTarget.*)?DefaultPolicy.*/, '');
    for (const statement of Properties.PolicyDocument.Statement) all.push({ owner, statement });
  }
  return all;
}

describe('an upgrade', () => {
  it('keeps the table, its keys and its index: their logical ids and schemas stand as they were first deployed', () => {
    const [[id, table] = []] = ofType('AWS::DynamoDB::Table');
    expect(id).toBe('SnapshotsTableAE12316E');
    expect(table?.Properties.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(table?.Properties.GlobalSecondaryIndexes).toEqual([
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'due_shard', KeyType: 'HASH' },
          { AttributeName: 'due', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      {
        IndexName: 'groups',
        KeySchema: [
          { AttributeName: 'phase', KeyType: 'HASH' },
          { AttributeName: 'listed', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['overall_status'] },
      },
      // CloudFormation adds one index at a time to a table that exists.
      {
        IndexName: 'failing',
        KeySchema: [
          { AttributeName: 'phase', KeyType: 'HASH' },
          { AttributeName: 'failing', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['overall_status'] },
      },
    ]);
    expect(table?.Properties.AttributeDefinitions).toEqual([
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
      { AttributeName: 'due_shard', AttributeType: 'S' },
      { AttributeName: 'due', AttributeType: 'N' },
      { AttributeName: 'phase', AttributeType: 'S' },
      { AttributeName: 'listed', AttributeType: 'S' },
      { AttributeName: 'failing', AttributeType: 'S' },
    ]);
  });

  it('replaces neither the user pool, nor its client, the secrets and the queues', () => {
    const ids = [
      'AWS::Cognito::UserPool',
      'AWS::Cognito::UserPoolClient',
      'AWS::SecretsManager::Secret',
      'AWS::SQS::Queue',
    ].flatMap((type) => ofType(type).map(([id]) => id));
    expect(ids).toEqual([
      'IdentityUserPool96FE3B9B',
      'IdentityUserPoolClient486F4CC5',
      'AnyCheckSecretAA5407FE',
      'WebhookSecret00325DF1',
      'WebhookKeyringSecret84C51C62',
      'RefreshQueueDeadLettersEECB200C',
      'RefreshQueueA032598A',
      'RefreshQueueDelayed99B5D482',
      'DispatchQueueDeadLettersB00FFFBB',
      'DispatchQueueF361AC85',
      'DeliverQueueDeadLetters0D7C7D0B',
      'DeliverQueue5218D472',
      'DispatchRuleDeadLettersFF925F68',
      'AuditDeadLettersAE82006B',
    ]);
    // Lambda takes no second event source of the same queue and function, not even for the moment of an upgrade.
    expect(ofType('AWS::Lambda::EventSourceMapping').map(([id]) => id)).toEqual([
      'RefreshFunctionSqsEventSourceTestRefreshQueue0A454E290D937711',
      'RefreshFunctionSqsEventSourceTestRefreshQueueDelayed2AE0CB75B9DD009F',
      'DispatchFunctionSqsEventSourceTestDispatchQueueC9E2E9DAF637303D',
      'DeliverFunctionSqsEventSourceTestDeliverQueue74D6C789F54E81EF',
    ]);
    for (const type of ['AWS::SQS::Queue', 'AWS::SecretsManager::Secret', 'AWS::Cognito::UserPool']) {
      for (const [, { Properties }] of ofType(type)) {
        expect(Object.keys(Properties ?? {}).filter((key) => /^(Queue|UserPool)?Name$/.test(key))).toEqual([]);
      }
    }
  });
});

describe('the table', () => {
  it('is on demand, encrypted, restorable to any point in time, and deletes what expired', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
      DeletionProtectionEnabled: true,
    });
  });

  it('stays with user pool and secrets when the stack goes, unless the settings say otherwise', () => {
    const kept = ['AWS::DynamoDB::Table', 'AWS::Cognito::UserPool', 'AWS::SecretsManager::Secret'];
    for (const type of kept) template.hasResource(type, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const passing = templateOf({ removal_policy: 'destroy' });
    for (const type of kept) passing.hasResource(type, { DeletionPolicy: 'Delete' });
    passing.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
  });
});

describe('every function', () => {
  it('runs Node.js 24 on arm64, within a timeout, and keeps its logs for a set time', () => {
    const functions = ofType('AWS::Lambda::Function');
    expect(functions).toHaveLength(19);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
      expect(Properties.Timeout).toBeLessThanOrEqual(120);
      expect(Properties.LoggingConfig.LogGroup).toBeDefined();
    }
    for (const [id, { Properties }] of ofType('AWS::Logs::LogGroup')) {
      if (!id.startsWith('AuditLines')) expect(Properties.RetentionInDays).toBe(90);
    }
  });

  it('has no secret in its environment, only the secret’s ARN', () => {
    for (const [, { Properties }] of ofType('AWS::Lambda::Function')) {
      for (const [name, value] of Object.entries(Properties.Environment?.Variables ?? {})) {
        expect(JSON.stringify(value)).not.toContain('resolve:secretsmanager');
        if (/SECRET|KEY(?!_CACHE_SECONDS)|PASSWORD|TOKEN/.test(name)) expect(value).toEqual({ Ref: SECRETS[name] });
      }
    }
  });

  it('that takes webhooks has the format of AnyCheck’s webhooks in its environment', () => {
    const webhookVariables = (settings: Record<string, unknown>) =>
      Object.entries(templateOf(settings).findResources('AWS::Lambda::Function')).find(([id]) =>
        id.startsWith('WebhookFunction'),
      )?.[1].Properties.Environment.Variables;
    const none = { SIGNATURE_HEADER: '', TIMESTAMP_HEADER: '', SIGNED_TEXT: '{body}' };
    expect(webhookVariables({})).toMatchObject({ RESULT_ID_POINTER: '/result_id', ...none });
    const settings = {
      webhook_result_id_pointer: '/data/result_id',
      webhook_signature_header: 'X-Signature',
      webhook_timestamp_header: 'X-Time',
      webhook_signed_text: '{timestamp}.{body}',
    };
    expect(webhookVariables(settings)).toMatchObject({
      RESULT_ID_POINTER: '/data/result_id',
      SIGNATURE_HEADER: 'x-signature',
      TIMESTAMP_HEADER: 'x-time',
      SIGNED_TEXT: '{timestamp}.{body}',
    });
  });

  it('that calls AnyCheck, or plans these calls, knows the budget', () => {
    const variables = (settings: Record<string, unknown>) =>
      Object.entries(templateOf(settings).findResources('AWS::Lambda::Function')).flatMap(([id, { Properties }]) => {
        const { ANYCHECK_MAX_RPS, BUDGET_SHARE } = Properties.Environment?.Variables ?? {};
        return ANYCHECK_MAX_RPS === undefined ? [] : [[id.replace(/Function.*/, ''), ANYCHECK_MAX_RPS, BUDGET_SHARE]];
      });
    const all = (...values: string[]) => ['Refresh', 'Sweep', 'Verifications'].map((name) => [name, ...values]);
    expect(variables({}).sort()).toEqual(all('5', '0.5'));
    expect(variables({ anycheck_max_rps: 20, budget_share: 1 }).sort()).toEqual(all('20', '1'));
  });

  it('may do what its adapters do on the resources that they name, and nothing else', () => {
    const allowed: Record<string, string[]> = {};
    for (const { owner, statement } of statements()) {
      expect(statement.Effect).toBe('Allow');
      expect(JSON.stringify(list(statement.Action))).not.toContain('*');
      for (const resource of [statement.Resource].flat()) expect(resource).not.toBe('*');
      allowed[owner] = [...new Set([...(allowed[owner] ?? []), ...list(statement.Action)])].sort();
    }
    const own = ['logs:CreateLogStream', 'logs:PutLogEvents'];
    const ofFunctions = {
      Refresh: [
        ...TABLE_ACTIONS,
        'events:PutEvents',
        'secretsmanager:GetSecretValue',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      Verifications: [...TABLE_ACTIONS, 'secretsmanager:GetSecretValue', 'sqs:SendMessage'],
      Webhook: ['dynamodb:GetItem', 'dynamodb:UpdateItem', 'secretsmanager:GetSecretValue', 'sqs:SendMessage'],
      Groups: [
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'sqs:SendMessage',
      ],
      Dispatch: [
        'dynamodb:BatchGetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      Deliver: [
        ...TABLE_ACTIONS,
        'events:PutEvents',
        'secretsmanager:GetSecretValue',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      WebhookEndpoints: [...TABLE_ACTIONS, 'events:PutEvents', 'secretsmanager:GetSecretValue', 'sqs:SendMessage'],
      History: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem'],
      Erasure: ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'sqs:SendMessage'],
      Sweep: [
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'dynamodb:UpdateItem',
        'sqs:SendMessage',
      ],
      ApiKeys: ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      AuditForwarder: ['sqs:SendMessage'],
      Auth: [],
      Docs: [],
      Console: [],
      Whoami: [],
      Health: ['dynamodb:GetItem'],
      HealthDeep: ['dynamodb:GetItem', 'dynamodb:Query', 'sqs:GetQueueAttributes'],
      NotFound: [],
    };
    const withLogs = Object.entries(ofFunctions).map(([name, actions]) => [name, [...own, ...actions].sort()]);
    expect(allowed).toEqual({ ...Object.fromEntries(withLogs), SweepSchedule: ['lambda:InvokeFunction'] });
    for (const [, { Properties }] of ofType('AWS::IAM::Role')) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
      expect(Properties).not.toHaveProperty('Policies');
    }
  });

  it('writes to its own log group, the forwarder to the audit log too, and to no other', () => {
    const written = statements().flatMap(({ owner, statement }) =>
      list(statement.Action).includes('logs:PutLogEvents') ? [[owner, statement.Resource]] : [],
    );
    const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
    const ownLogs = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.replace(/Function[0-9A-F]{8}$/, ''),
      arnOf(Properties.LoggingConfig.LogGroup.Ref),
    ]);
    const [[lines = ''] = []] = ofType('AWS::Logs::LogGroup').filter(([id]) => id.startsWith('AuditLines'));
    const byText = (a: unknown, b: unknown) => JSON.stringify(a).localeCompare(JSON.stringify(b));
    expect(written.sort(byText)).toEqual([...ownLogs, ['AuditForwarder', arnOf(lines)]].sort(byText));
  });

  it('may touch the rows of its business alone: AnyCheck’s session is for those who call AnyCheck, webhooks for those who deliver them', () => {
    const rows: Record<string, Record<string, string[]>> = {};
    for (const { owner, statement } of statements()) {
      const actions = list(statement.Action).filter((action) => action.startsWith('dynamodb:'));
      if (actions.length === 0 || JSON.stringify(statement.Resource).includes('/index/')) continue;
      if (JSON.stringify(statement.Resource).includes('Ledger')) {
        expect([owner, ...actions]).toEqual([expect.stringMatching(/^(Erasure|Refresh)$/), 'dynamodb:PutItem']);
        continue;
      }
      expect(Object.keys(statement.Condition ?? {})).toEqual(['ForAllValues:StringLike']);
      const keys = statement.Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'] ?? '*';
      rows[owner] = { ...rows[owner], [list(keys).join()]: actions.sort() };
    }
    const shared = ['dynamodb:GetItem', 'dynamodb:UpdateItem'];
    const quotas = { 'caller#*': shared };
    const keys = { 'api-keys': ['dynamodb:GetItem'], 'api-key-uses': ['dynamodb:UpdateItem'] };
    const ofWebhooks = (onAll: string, onEndpoints: string) => ({
      'group#*,webhook#endpoints,webhook#we_*': ['dynamodb:BatchGetItem'],
      'webhook#endpoints,webhook#we_*': ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', onAll].sort(),
      'webhook#endpoints': [onEndpoints],
    });
    const caller = { 'group#*': TABLE_ACTIONS, 'anycheck#session,anycheck#budget': shared };
    expect(rows).toEqual({
      Refresh: { ...caller, 'service#bus': ['dynamodb:PutItem'] },
      Verifications: { ...caller, ...quotas, ...keys },
      Sweep: {
        'anycheck#budget': ['dynamodb:GetItem'],
        'group#*': ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'],
        'service#sweep': ['dynamodb:PutItem'],
        'api-keys': ['dynamodb:Query'],
      },
      Health: { 'service#sweep': ['dynamodb:GetItem'] },
      HealthDeep: {
        'anycheck#budget': ['dynamodb:GetItem'],
        'service#bus': ['dynamodb:GetItem'],
        'service#sweep': ['dynamodb:GetItem'],
      },
      ApiKeys: {
        'api-keys': ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        'api-key-uses': ['dynamodb:Query'],
      },
      Webhook: { 'group#*': ['dynamodb:GetItem', 'dynamodb:UpdateItem'] },
      Groups: {
        'group#*': [
          'dynamodb:BatchGetItem',
          'dynamodb:GetItem',
          'dynamodb:PutItem',
          'dynamodb:Query',
          'dynamodb:UpdateItem',
        ],
        ...quotas,
        ...keys,
      },
      Dispatch: {
        'group#*': ['dynamodb:BatchGetItem'],
        'webhook#endpoints': ['dynamodb:Query'],
        'webhook#we_*': ['dynamodb:PutItem'],
      },
      Deliver: ofWebhooks('dynamodb:DeleteItem', 'dynamodb:PutItem'),
      WebhookEndpoints: ofWebhooks('dynamodb:PutItem', 'dynamodb:DeleteItem'),
      History: { 'group#*': ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'], ...keys },
      Erasure: { 'group#*': ['dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'] },
    });
  });

  it('queries the index that it needs, and no other', () => {
    const queried = statements().flatMap(({ owner, statement }) => {
      const indexes = JSON.stringify(statement.Resource).matchAll(/\/index\/(\w+)/g);
      return Array.from(indexes, ([, index]) => [owner, statement.Action, index].join(' '));
    });
    expect(queried.sort()).toEqual([
      'Deliver dynamodb:Query due',
      'Groups dynamodb:Query failing',
      'Groups dynamodb:Query groups',
      'HealthDeep dynamodb:Query due',
      'Sweep dynamodb:Query due',
      'Sweep dynamodb:Query groups',
    ]);
  });

  it('queues deliveries where that is its business', () => {
    const [[deliverQueue = ''] = []] = ofType('AWS::SQS::Queue').filter(([id]) => /^DeliverQueue[0-9A-F]{8}$/.test(id));
    const sending = statements().flatMap(({ owner, statement }) =>
      list(statement.Action).includes('sqs:SendMessage') && JSON.stringify(statement.Resource).includes(deliverQueue)
        ? [owner]
        : [],
    );
    expect(sending.sort()).toEqual(['Deliver', 'Dispatch', 'Sweep', 'WebhookEndpoints']);
  });

  it('reads the secret that it needs, and no other', () => {
    const read = statements().flatMap(({ owner, statement }) =>
      list(statement.Action).includes('secretsmanager:GetSecretValue') ? [[owner, statement.Resource]] : [],
    );
    expect(read.sort()).toEqual([
      ['Deliver', { Ref: SECRETS.KEYRING_SECRET_ARN }],
      ['Refresh', { Ref: SECRETS.ANYCHECK_SECRET_ARN }],
      ['Verifications', { Ref: SECRETS.ANYCHECK_SECRET_ARN }],
      ['Webhook', { Ref: SECRETS.WEBHOOK_SECRET_ARN }],
      ['WebhookEndpoints', { Ref: SECRETS.KEYRING_SECRET_ARN }],
    ]);
  });
});

describe('the refresh queue', () => {
  it('is FIFO, encrypted, TLS only, and sets aside what no worker survives', () => {
    const own = (type: string) => ofType(type).filter(([id]) => id.startsWith('RefreshQueue'));
    const isDelayed = ([id]: readonly [string, unknown]) => id.startsWith('RefreshQueueDelayed');
    expect(own('AWS::SQS::Queue').filter((one) => !isDelayed(one))).toHaveLength(2);
    for (const [id, { Properties }] of own('AWS::SQS::Queue')) {
      expect(Properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(Properties.FifoQueue).toBe(isDelayed([id, Properties]) ? undefined : true);
    }
    expect(own('AWS::SQS::QueuePolicy')).toHaveLength(3);
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      },
    });
    template.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: Match.objectLike({ maxReceiveCount: 3 }) });
  });

  it('hands a dead worker’s group to another within 3 minutes, and never one that is still worked on', () => {
    const worker = ofType('AWS::Lambda::Function').find(([id]) => id.startsWith('Refresh'))?.[1].Properties;
    const queue = ofType('AWS::SQS::Queue').find(([, { Properties }]) => Properties.RedrivePolicy)?.[1].Properties;
    expect(queue.VisibilityTimeout).toBeGreaterThan(worker.Timeout);
    const delayed = ofType('AWS::SQS::Queue').find(([id]) => id.startsWith('RefreshQueueDelayed'))?.[1].Properties;
    expect(delayed.VisibilityTimeout).toBeGreaterThan(worker.Timeout);
    expect(queue.VisibilityTimeout).toBeLessThan(180);
  });

  it('feeds a bounded number of workers, one group at a time each', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ScalingConfig: { MaximumConcurrency: 5 },
      BatchSize: 1,
    });
  });
});

describe('the event bus', () => {
  const ids = () => ofType('AWS::Events::EventBus').map(([id]) => id);

  it('has the stack’s name and no resource policy, so that only principals of its account can use it', () => {
    const [id] = ids();
    expect(ofType('AWS::Events::EventBus')).toEqual([
      [id, { Type: 'AWS::Events::EventBus', Properties: { Name: 'Test' } }],
    ]);
    expect(ofType('AWS::Events::EventBusPolicy')).toEqual([]);
    template.hasOutput('EventBusName', { Value: { Ref: id } });
    template.hasOutput('EventBusArn', { Value: { 'Fn::GetAtt': [id, 'Arn'] } });
  });

  it('takes events from the functions that announce alone, with the source of this service', () => {
    const [id] = ids();
    const senders = ['Deliver', 'Refresh', 'WebhookEndpoints'];
    const sending = statements().filter(({ statement }) => list(statement.Action).includes('events:PutEvents'));
    expect(sending.map(({ owner }) => owner).sort()).toEqual(senders);
    for (const { statement } of sending) {
      expect(statement).toEqual({
        Action: 'events:PutEvents',
        Condition: { 'ForAllValues:StringEquals': { 'events:source': ['anycheck-snapshots'] } },
        Effect: 'Allow',
        Resource: { 'Fn::GetAtt': [id, 'Arn'] },
      });
    }
    const named = ofType('AWS::Lambda::Function').filter(
      ([, { Properties }]) => Properties.Environment?.Variables?.EVENT_BUS_NAME !== undefined,
    );
    expect(named.map(([fn]) => fn.replace(/Function.*/, '')).sort()).toEqual(senders);
  });

  it('keeps no archive, unless the settings say for how many days', () => {
    expect(ofType('AWS::Events::Archive')).toEqual([]);
    const archives = Object.values(templateOf({ event_archive_days: 30 }).findResources('AWS::Events::Archive'));
    expect(archives).toHaveLength(1);
    expect(archives[0]?.Properties).toEqual({
      Description: 'The events of Test',
      EventPattern: { source: ['anycheck-snapshots'] },
      RetentionDays: 30,
      SourceArn: { 'Fn::GetAtt': [ids()[0], 'Arn'] },
    });
  });
});

describe('the schedule', () => {
  it('fires the sweep once a minute, or as often as the settings say', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
    });
    templateOf({ sweep_minutes: 5 }).hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(5 minutes)',
    });
  });
});

describe('the HTTP API', () => {
  const publicKeys = Object.values(routes)
    .filter((route) => route.access === 'public')
    .flatMap(routeKeys);
  const UNKNOWN_BELOW_KEY = 'ANY /key/{proxy+}';
  const withoutToken = [...publicKeys, ...Object.values(routes).flatMap(routeKeysOfKeys), UNKNOWN_BELOW_KEY];

  it('deploys the routes of the route table, HEAD beside each GET and $default, and nothing else', () => {
    const keys = ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    const ofTable = Object.values(routes).flatMap((route) => [...routeKeys(route), ...routeKeysOfKeys(route)]);
    expect(keys.sort()).toEqual([...ofTable, UNKNOWN_BELOW_KEY, '$default'].sort());
  });

  it('lets no page of another origin read anything', () => {
    for (const [, { Properties }] of ofType('AWS::ApiGatewayV2::Api'))
      expect(Properties).not.toHaveProperty('CorsConfiguration');
    expect(ofType('AWS::ApiGatewayV2::Api').length).toBe(1);
  });

  it('requires a token with a scope on every route that is neither public nor one of API keys', () => {
    for (const [, { Properties }] of ofType('AWS::ApiGatewayV2::Route')) {
      if (withoutToken.includes(Properties.RouteKey)) expect(Properties.AuthorizationType).toBe('NONE');
      else {
        expect(Properties.AuthorizationType).toBe('JWT');
        expect(Properties.AuthorizationScopes).toContain('aws.cognito.signin.user.admin');
      }
    }
    expect(withoutToken.filter((key) => !publicKeys.includes(key)).sort()).toEqual([
      'ANY /key/{proxy+}',
      'GET /key/groups',
      'GET /key/groups/{result_id}',
      'GET /key/groups/{result_id}/diff',
      'GET /key/groups/{result_id}/history',
      'GET /key/verifications',
      'HEAD /key/groups',
      'HEAD /key/groups/{result_id}',
      'HEAD /key/groups/{result_id}/diff',
      'HEAD /key/groups/{result_id}/history',
      'HEAD /key/verifications',
      'POST /key/groups',
      'POST /key/groups/{result_id}/refresh',
    ]);
    expect(publicKeys.sort()).toEqual([
      'GET /',
      'GET /console',
      'GET /console/{file}',
      'GET /docs',
      'GET /docs/{file}',
      'GET /health',
      'GET /openapi.json',
      'HEAD /',
      'HEAD /console',
      'HEAD /console/{file}',
      'HEAD /docs',
      'HEAD /docs/{file}',
      'HEAD /health',
      'HEAD /openapi.json',
      'POST /auth/login',
      'POST /auth/refresh',
      'POST /webhooks/anycheck/{token}',
    ]);
  });

  it('sends each path of API keys to the function of its route, and the others below /key to the one that returns 404', () => {
    const targets = Object.fromEntries(
      ofType('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => [Properties.RouteKey, Properties.Target]),
    );
    const taking = Object.keys(targets).filter((key) => key.includes(' /key/') && key !== UNKNOWN_BELOW_KEY);
    for (const key of taking) expect([key, targets[key]]).toEqual([key, targets[key.replace(' /key', ' ')]]);
    expect(targets[UNKNOWN_BELOW_KEY]).toEqual(targets.$default);
  });

  it('throttles: public routes more tightly, webhooks separately, and only routes that are deployed before the stage', () => {
    const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
    const { DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    expect(DefaultRouteSettings).toMatchObject({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 });
    expect(Object.keys(RouteSettings).sort()).toEqual([...publicKeys, UNKNOWN_BELOW_KEY].sort());
    for (const [key, limits] of Object.entries(RouteSettings)) {
      const tenths = key.includes('webhooks') ? 10 : 1;
      expect(limits).toEqual({ ThrottlingRateLimit: 10 * tenths, ThrottlingBurstLimit: 20 * tenths });
    }
    for (const [id, { Properties }] of ofType('AWS::ApiGatewayV2::Route')) {
      if (withoutToken.includes(Properties.RouteKey)) expect(stage?.DependsOn).toContain(id);
    }
  });

  it('logs calls by route and the token’s subject, without path, query, address or any other claim', () => {
    const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
    const format: string = stage?.Properties.AccessLogSettings.Format;
    expect(format).toContain('$context.routeKey');
    expect(format).toContain('$context.authorizer.claims.sub');
    expect(format.replace('$context.authorizer.claims.sub', '')).not.toMatch(
      /path|query|sourceIp|authorizer|userAgent|identity/i,
    );
  });
});

describe('the user pool', () => {
  it('allows no sign-up, does not reveal which users exist, and rotates refresh tokens', () => {
    template.hasResourceProperties('AWS::Cognito::UserPool', {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      DeletionProtection: 'ACTIVE',
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
  });
});

describe('the AnyCheck secret', () => {
  it('is made without a value, so that nothing passes for credentials before they are put', () => {
    const secret = template.findResources('AWS::SecretsManager::Secret')[SECRETS.ANYCHECK_SECRET_ARN ?? ''];
    expect(secret?.Properties).toBeDefined();
    expect(secret?.Properties).not.toHaveProperty('SecretString');
    expect(secret?.Properties).not.toHaveProperty('GenerateSecretString');
  });
});

describe('the webhook secret', () => {
  it('is made up once for each deployment, as it was first deployed: a change would make another', () => {
    const secret = template.findResources('AWS::SecretsManager::Secret')[SECRETS.WEBHOOK_SECRET_ARN ?? ''];
    expect(secret?.Properties.GenerateSecretString).toEqual({
      SecretStringTemplate: '{}',
      GenerateStringKey: 'token',
      PasswordLength: 48,
      ExcludePunctuation: true,
    });
  });
});

describe('the outputs', () => {
  it('name what an operator needs next', () => {
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([
      'AnyCheckSecretArn',
      'ApiUrl',
      'AuditDeadLetterQueueUrl',
      'AuditForwarderName',
      'AuditLogGroupName',
      'ConsoleUrl',
      'DashboardUrl',
      'DeadLetterQueueUrl',
      'DeliverDeadLetterQueueUrl',
      'DispatchDeadLetterQueueUrl',
      'DispatchQueueUrl',
      'DocsUrl',
      'EventBusArn',
      'EventBusName',
      'LedgerTableName',
      'RefreshQueueUrl',
      'RuleDeadLetterQueueUrl',
      'TableName',
      'UserPoolClientId',
      'UserPoolId',
      'WebhookKeyringSecretArn',
      'WebhookSecretArn',
      'WebhookUrlWithoutToken',
    ]);
  });

  it.each(Object.entries(VARIANTS))('each have a description of their own, in a stack %s', (_, settings) => {
    const descriptions = Object.values(templateOf(settings).findOutputs('*')).map(({ Description }) => Description);
    for (const one of descriptions) expect(one).toMatch(/^[A-Z].{10,}[^.]$/);
    expect(new Set(descriptions).size).toBe(descriptions.length);
  });

  it('name the addresses of the description, of the console and of the webhook, without its token, below that of the API', () => {
    const [[api = ''] = []] = ofType('AWS::ApiGatewayV2::Api');
    const endpoint = { 'Fn::GetAtt': [api, 'ApiEndpoint'] };
    template.hasOutput('ApiUrl', { Value: endpoint });
    template.hasOutput('DocsUrl', { Value: { 'Fn::Join': ['', [endpoint, '/docs']] } });
    template.hasOutput('ConsoleUrl', { Value: { 'Fn::Join': ['', [endpoint, '/console']] } });
    template.hasOutput('WebhookUrlWithoutToken', { Value: { 'Fn::Join': ['', [endpoint, '/webhooks/anycheck/']] } });
  });

  it('name the dashboard in the console of the region', () => {
    const [[, dashboard] = []] = ofType('AWS::CloudWatch::Dashboard');
    expect(dashboard?.Properties.DashboardName).toBe('Test');
    const region = { Ref: 'AWS::Region' };
    const parts = ['https://', region, '.console.aws.amazon.com/cloudwatch/home?region=', region];
    template.hasOutput('DashboardUrl', { Value: { 'Fn::Join': ['', [...parts, '#dashboards/dashboard/Test']] } });
  });
});
