import { SECRETS } from './call.ts';

const ACCOUNT = 'ap-southeast-3:123456789012';
const name = /^[\w./-]{3,}$/;
const functionName = /^[\w-]+$/;
const arn = (service: string) => new RegExp(`^arn:aws:${service}:${ACCOUNT}:.+$`);
const queueUrl = /^https:\/\/sqs\.ap-southeast-3\.amazonaws\.com\/\d{12}\/\S+$/;
const pool = /^ap-southeast-3_\w+$/;
const email = /^\S+@\S+$/;
const text = /./;
const seconds = /^\d{10}$/;
const ms = /^\d{13}$/;

export interface AwsCommand {
  /** The options that the command requires, and others of it that it takes, with the shape of each value. */
  readonly required?: Readonly<Record<string, RegExp>>;
  readonly optional?: Readonly<Record<string, RegExp>>;
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
  'lambda delete-function-concurrency': { required: { 'function-name': functionName } },
  'lambda get-account-settings': { answer: { AccountLimit: { ConcurrentExecutions: 1000 } } },
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
    answer: { SecretString: JSON.stringify({ token: SECRETS.webhookToken }) },
  },
  'sqs delete-message': { required: { 'queue-url': queueUrl, 'receipt-handle': /^receipt$/ } },
  'sqs get-queue-attributes': {
    required: { 'queue-url': queueUrl },
    optional: { 'attribute-names': /^(All|QueueArn)$/ },
    lists: ['attribute-names'],
    answer: { Attributes: { QueueArn: `arn:aws:sqs:${ACCOUNT}:dead-letters` } },
  },
  'sqs receive-message': {
    required: { 'queue-url': queueUrl },
    optional: {
      'max-number-of-messages': /^([1-9]|10)$/,
      'visibility-timeout': /^\d+$/,
      'wait-time-seconds': /^(1?\d|20)$/,
    },
    // Once a message is deleted, the stand-in answers {}.
    answer: { Messages: [{ ReceiptHandle: 'receipt', Body: '{"awslogs":{"data":"H4sI"}}' }] },
  },
  'sqs start-message-move-task': { required: { 'source-arn': arn('sqs') }, answer: { TaskHandle: 'task' } },
};

/** A plausible value of an output of the stack. */
export function valueOfOutput(output: string): string {
  const [, value] = VALUES.find(([pattern]) => pattern.test(output)) ?? [];
  return value ?? `value-of-${output}`;
}

const VALUES: readonly [RegExp, string][] = [
  [/SecretArn$/, `arn:aws:secretsmanager:${ACCOUNT}:secret:Secret-a1B2c3`],
  [/QueueUrl$/, 'https://sqs.ap-southeast-3.amazonaws.com/123456789012/queue'],
  [/Url$/, 'https://example.execute-api.ap-southeast-3.amazonaws.com'],
  [/^UserPoolId$/, 'ap-southeast-3_a1B2c3D4e'],
  [/^MachineClient/, '3n4b5urk1ft4fl3mg5e62d9ado'],
];
