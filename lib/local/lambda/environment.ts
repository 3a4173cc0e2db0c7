import { devNull } from 'node:os';
import { CREDENTIALS, REGION } from '../names.ts';

/** The URLs of this run's engines, for the AWS SDK's `AWS_ENDPOINT_URL_…` variables. */
export interface ServiceEndpoints {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly eventBridge: string;
  readonly secretsManager: string;
  readonly cognito: string;
  readonly logs: string;
}

export interface FunctionIdentity {
  readonly name: string;
  readonly directory: string;
  readonly handler: string;
  readonly runtime: string;
  /** MiB. */
  readonly memory: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/**
 * The variables that Lambda adds to a function's environment. They direct the SDK to local engines and away from
 * `~/.aws`.
 */
export function runtimeEnvironment(fn: FunctionIdentity, endpoints: ServiceEndpoints): Record<string, string> {
  return {
    _HANDLER: fn.handler,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_DEFAULT_REGION: REGION,
    AWS_REGION: REGION,
    AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoints.logs,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoints.cognito,
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventBridge,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoints.secretsManager,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memory),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: fn.logStream,
    LAMBDA_TASK_ROOT: fn.directory,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
