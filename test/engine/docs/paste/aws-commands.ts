import * as z from 'zod/mini';
import { EVENT_TYPES, GroupEvent } from '../../../../functions/domain/events/event.ts';
import { SECRETS } from './call.ts';

const ACCOUNT = 'ap-southeast-3:123456789012';
const QUEUE_URL = 'https://sqs.ap-southeast-3.amazonaws.com/123456789012/queue';
const name = /^[\w./-]{3,}$/;
const functionName = /^[\w-]+$/;
const arn = (service: string) => new RegExp(`^arn:aws:${service}:${ACCOUNT}:.+$`);
const queueUrl = /^https:\/\/sqs\.ap-southeast-3\.amazonaws\.com\/\d{12}\/\S+$/;
const pool = /^ap-southeast-3_\w+$/;
const email = /^\S+@\S+$/;
const VERSION_ID = '1f6f3c1e-0a57-4d0b-9a4e-6f0e2f0f6a11';
const versionId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const text = /./;
const seconds = /^\d{10}$/;
const ms = /^\d{13}$/;
const anyArn = String.raw`arn:aws:\w+:[\w-]*:\d{12}:[\w/:-]+`;

/** What a value of an option must be. */
export interface Shape {
  test(value: string): boolean;
}

/** A value that is JSON of a schema. */
const json = (schema: z.ZodMiniType): Shape => ({ test: (value) => isJsonOf(schema, value) });
function isJsonOf(schema: z.ZodMiniType, value: string): boolean {
  try {
    return schema.safeParse(JSON.parse(value)).success;
  } catch {
    return false;
  }
}
/** A member of such a value that is JSON itself. */
const jsonText = (schema: z.ZodMiniType) => z.string().check(z.refine((value) => isJsonOf(schema, value)));

const Arn = z.string().check(z.regex(new RegExp(`^${anyArn}$`)));
const Statement = z.strictObject({
  Effect: z.literal('Allow'),
  Principal: z.optional(z.strictObject({ Service: z.literal('events.amazonaws.com') })),
  Action: z.enum(['sqs:SendMessage', 'events:PutEvents', 'sts:AssumeRole']),
  Resource: z.optional(Arn),
  Condition: z.optional(z.strictObject({ ArnEquals: z.strictObject({ 'aws:SourceArn': Arn }) })),
});
const Policy = z.strictObject({ Version: z.literal('2012-10-17'), Statement: z.array(Statement) });
const Pattern = z.strictObject({
  source: z.array(z.literal('anycheck-snapshots')),
  'detail-type': z.optional(z.array(z.enum(EVENT_TYPES))),
});
const Entry = z.strictObject({
  EventBusName: z.string().check(z.minLength(1)),
  Source: z.literal('anycheck-snapshots'),
  DetailType: z.enum(EVENT_TYPES),
  Detail: jsonText(GroupEvent),
});
/** What EventBridge requires of an event that it compares with a pattern. */
const Envelope = z.looseObject({
  id: z.string(),
  account: z.string(),
  source: z.string(),
  time: z.iso.datetime(),
  region: z.string(),
  resources: z.array(z.string()),
  'detail-type': z.string(),
});
const Redrive = z.strictObject({ deadLetterTargetArn: Arn, maxReceiveCount: z.string().check(z.regex(/^\d+$/)) });
const QueueAttributes = z.strictObject({
  Policy: z.optional(jsonText(Policy)),
  RedrivePolicy: z.optional(jsonText(Redrive)),
});
const rule = { 'event-bus-name': name };

export interface AwsCommand {
  /** The options that the command requires, and others of it that it takes, with the shape of each value. */
  readonly required?: Readonly<Record<string, Shape>>;
  readonly optional?: Readonly<Record<string, Shape>>;
  /** Options that take several values. */
  readonly lists?: readonly string[];
  /** The shape of its argument without an option. */
  readonly positional?: RegExp;
  /** The answer in JSON; undefined where the CLI prints nothing. */
  readonly answer?: unknown;
}

const user = { required: { 'user-pool-id': pool, username: email } };

/**
 * The commands of the AWS CLI, version 2, that the documentation uses: its reference lists these options.
 * @see https://docs.aws.amazon.com/cli/latest/reference/
 */
export const COMMANDS: Readonly<Record<string, AwsCommand>> = {
  // The stand-in answers these two from the template.
  'cloudformation describe-stacks': { optional: { 'stack-name': /^anycheck-snapshots-\w+$/ } },
  'cloudformation list-stack-resources': { required: { 'stack-name': /^anycheck-snapshots-\w+$/ } },
  'cognito-idp admin-add-user-to-group': {
    required: { ...user.required, 'group-name': /^(viewer|operator|admin)$/ },
  },
  'cognito-idp admin-create-user': {
    ...user,
    optional: { 'message-action': /^(RESEND|SUPPRESS)$/, 'user-attributes': /^Name=\w+,Value=\S+$/ },
    lists: ['user-attributes'],
    answer: { User: { Username: 'siti' } },
  },
  'cognito-idp admin-disable-user': user,
  'cognito-idp admin-set-user-password': {
    required: { ...user.required, password: text },
    optional: { permanent: /^true$/ },
  },
  'cognito-idp admin-user-global-sign-out': user,
  'cognito-idp describe-user-pool-client': {
    required: { 'user-pool-id': pool, 'client-id': /^[a-z0-9]{26}$/ },
    answer: { UserPoolClient: { ClientSecret: SECRETS.clientSecret } },
  },
  'cognito-idp list-users': {
    required: { 'user-pool-id': pool },
    optional: { filter: /^sub = "[\w-]+"$/ },
    answer: { Users: [] },
  },
  'dynamodb delete-table': { required: { 'table-name': name }, answer: { TableDescription: {} } },
  'dynamodb restore-table-to-point-in-time': {
    required: { 'target-table-name': name },
    optional: { 'source-table-name': name, 'restore-date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ },
    answer: { TableDescription: {} },
  },
  'dynamodb wait table-exists': { required: { 'table-name': name } },
  'events create-event-bus': {
    required: { name },
    answer: { EventBusArn: 'arn:aws:events:ap-southeast-3:210987654321:event-bus/anycheck' },
  },
  'events delete-rule': { required: { name }, optional: rule },
  'events describe-event-bus': {
    optional: { name: /^anycheck-snapshots-\w+$/ },
    answer: { Name: 'anycheck-snapshots-prod' },
  },
  'events put-events': {
    required: { entries: json(z.array(Entry)) },
    answer: { FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] },
  },
  'events put-permission': {
    optional: { ...rule, action: /^events:PutEvents$/, principal: /^\d{12}$/, 'statement-id': functionName },
  },
  'events put-rule': {
    required: { name },
    optional: { ...rule, 'event-pattern': json(Pattern) },
    answer: { RuleArn: `arn:aws:events:${ACCOUNT}:rule/bus/rule` },
  },
  'events put-targets': {
    required: {
      rule: name,
      targets: new RegExp(`^Id=\\w+,Arn=${anyArn}(,RoleArn=${anyArn})?(,DeadLetterConfig={Arn=${anyArn}})?$`),
    },
    optional: rule,
    lists: ['targets'],
    answer: { FailedEntryCount: 0, FailedEntries: [] },
  },
  'events remove-targets': {
    required: { rule: name, ids: /^\w+$/ },
    optional: rule,
    lists: ['ids'],
    answer: { FailedEntryCount: 0, FailedEntries: [] },
  },
  'events test-event-pattern': {
    required: { 'event-pattern': json(Pattern), event: json(Envelope) },
    answer: { Result: true },
  },
  'iam create-role': {
    required: { 'role-name': functionName, 'assume-role-policy-document': json(Policy) },
    answer: { Role: { Arn: 'arn:aws:iam::123456789012:role/role' } },
  },
  'iam put-role-policy': {
    required: { 'role-name': functionName, 'policy-name': functionName, 'policy-document': json(Policy) },
  },
  'lambda add-permission': {
    required: {
      'function-name': functionName,
      'statement-id': functionName,
      action: /^lambda:InvokeFunction$/,
      principal: /^events\.amazonaws\.com$/,
    },
    optional: { 'source-arn': arn('events') },
    answer: { Statement: '{}' },
  },
  'lambda delete-function-concurrency': { required: { 'function-name': functionName } },
  'lambda get-account-settings': { answer: { AccountLimit: { ConcurrentExecutions: 1000 } } },
  'lambda get-function-configuration': {
    required: { 'function-name': functionName },
    answer: { FunctionArn: `arn:aws:lambda:${ACCOUNT}:function:loan-results` },
  },
  'lambda invoke': {
    required: { 'function-name': functionName },
    optional: { 'cli-binary-format': /^raw-in-base64-out$/, payload: /^\{.*\}\s*$/s },
    positional: /^\/dev\/null$/,
    answer: { StatusCode: 200 },
  },
  'lambda put-function-concurrency': {
    required: { 'function-name': functionName, 'reserved-concurrent-executions': /^\d+$/ },
    answer: { ReservedConcurrentExecutions: 0 },
  },
  'logs filter-log-events': {
    optional: { 'log-group-name': name, 'filter-pattern': /^/, 'start-time': ms, 'end-time': ms },
    answer: {
      events: [
        {
          message:
            '{"audit":"GET /groups","at":"2026-11-20T01:00:00.000Z","who":"siti","groups":[],"outcome":200,"request":"a"}',
        },
      ],
    },
  },
  'logs get-query-results': {
    required: { 'query-id': /^query-1$/ },
    answer: {
      status: 'Complete',
      results: [
        [
          { field: 'status', value: '503' },
          { field: '@ptr', value: 'x' },
        ],
      ],
    },
  },
  'logs put-retention-policy': { required: { 'log-group-name': name, 'retention-in-days': /^(90|365|1827)$/ } },
  'logs start-query': {
    required: { 'start-time': seconds, 'end-time': seconds, 'query-string': text },
    optional: { 'log-group-names': name },
    lists: ['log-group-names'],
    answer: { queryId: 'query-1' },
  },
  'scheduler list-schedules': {
    answer: {
      Schedules: [
        {
          Name: 'sweep',
          State: 'ENABLED',
          Target: { Arn: `arn:aws:lambda:${ACCOUNT}:function:anycheck-snapshots-prod-Sweep` },
        },
      ],
    },
  },
  'secretsmanager describe-secret': {
    required: { 'secret-id': arn('secretsmanager') },
    answer: { LastChangedDate: '2026-11-20T01:00:00+07:00' },
  },
  'secretsmanager get-secret-value': {
    required: { 'secret-id': arn('secretsmanager') },
    optional: { 'version-stage': /^AWS(CURRENT|PREVIOUS)$/ },
    answer: { SecretString: JSON.stringify({ token: SECRETS.webhookToken }), VersionId: VERSION_ID },
  },
  'secretsmanager update-secret-version-stage': {
    required: {
      'secret-id': arn('secretsmanager'),
      'version-stage': /^AWSCURRENT$/,
      'move-to-version-id': versionId,
      'remove-from-version-id': versionId,
    },
  },
  'sqs create-queue': {
    required: { 'queue-name': functionName },
    optional: { attributes: /^MessageRetentionPeriod=\d{2,7}$/ },
    answer: { QueueUrl: QUEUE_URL },
  },
  'sqs delete-message': { required: { 'queue-url': queueUrl, 'receipt-handle': /^receipt$/ } },
  'sqs get-queue-attributes': {
    required: { 'queue-url': queueUrl },
    optional: { 'attribute-names': /^(All|QueueArn)$/ },
    lists: ['attribute-names'],
    answer: { Attributes: { QueueArn: `arn:aws:sqs:${ACCOUNT}:dead-letters` } },
  },
  'sqs get-queue-url': { required: { 'queue-name': functionName }, answer: { QueueUrl: QUEUE_URL } },
  'sqs receive-message': {
    required: { 'queue-url': queueUrl },
    optional: {
      'max-number-of-messages': /^([1-9]|10)$/,
      'message-attribute-names': /^All$/,
      'visibility-timeout': /^\d+$/,
      'wait-time-seconds': /^(1?\d|20)$/,
    },
    // Once a message is deleted, the stand-in answers {}.
    answer: { Messages: [{ ReceiptHandle: 'receipt', Body: '{"awslogs":{"data":"H4sI"}}' }] },
  },
  'sqs send-message': {
    required: { 'queue-url': queueUrl, 'message-body': /^\{.+\}\s*$/ },
    answer: { MessageId: 'message' },
  },
  'sqs set-queue-attributes': { required: { 'queue-url': queueUrl, attributes: json(QueueAttributes) } },
  'sqs start-message-move-task': { required: { 'source-arn': arn('sqs') }, answer: { TaskHandle: 'task' } },
};

/** A plausible value of an output of the stack. */
export function valueOfOutput(output: string): string {
  const [, value] = VALUES.find(([pattern]) => pattern.test(output)) ?? [];
  return value ?? `value-of-${output}`;
}

const VALUES: readonly [RegExp, string][] = [
  [/^EventBusName$/, 'anycheck-snapshots-prod'],
  [/SecretArn$/, `arn:aws:secretsmanager:${ACCOUNT}:secret:Secret-a1B2c3`],
  [/QueueUrl$/, QUEUE_URL],
  [/Url$/, 'https://example.execute-api.ap-southeast-3.amazonaws.com'],
  [/^UserPoolId$/, 'ap-southeast-3_a1B2c3D4e'],
  [/^MachineClient/, '3n4b5urk1ft4fl3mg5e62d9ado'],
];
