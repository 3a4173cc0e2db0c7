import { ACCOUNT, arn, identifier, PARTITION, REGION, URL_SUFFIX } from './names.ts';

/** Where the engines of this run listen: the parts of a name that change from start to start. */
export interface Endpoints {
  readonly gateway: string;
  readonly queues: string;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Named {
  /** The stack's name and the logical id: deterministic, where CloudFormation adds a random part. */
  readonly id: string;
  /** A name given in the template, where there is one. */
  readonly given: (property: string) => string | undefined;
  readonly fifo: boolean;
  readonly endpoints: Endpoints;
}

/** By resource type. A type that is not here has its name for `Ref` and no attributes. */
const kinds: Readonly<Record<string, (named: Named) => Identity>> = {
  'AWS::DynamoDB::Table': ({ id, given }) => {
    const name = given('TableName') ?? id;
    return { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } };
  },
  'AWS::SQS::Queue': ({ id, given, fifo, endpoints }) => {
    const name = given('QueueName') ?? (fifo ? `${id}.fifo` : id);
    const url = `${endpoints.queues}/${ACCOUNT}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::SecretsManager::Secret': ({ id, given }) => {
    const ref = arn('secretsmanager', `secret:${given('Name') ?? id}-${identifier(id, 6)}`);
    return { ref, attributes: { Id: ref } };
  },
  'AWS::Cognito::UserPool': ({ id }) => {
    const poolId = `${REGION}_${identifier(id, 9)}`;
    const ProviderName = `cognito-idp.${REGION}.${URL_SUFFIX}/${poolId}`;
    return {
      ref: poolId,
      attributes: {
        Arn: arn('cognito-idp', `userpool/${poolId}`),
        ProviderName,
        ProviderURL: `https://${ProviderName}`,
        UserPoolId: poolId,
      },
    };
  },
  'AWS::Cognito::UserPoolClient': ({ id, given }) => {
    const ref = identifier(id, 26);
    return { ref, attributes: { ClientId: ref, Name: given('ClientName') ?? id } };
  },
  'AWS::Cognito::UserPoolDomain': ({ id, given }) => ({ ref: given('Domain') ?? id, attributes: {} }),
  'AWS::Cognito::UserPoolResourceServer': ({ id, given }) => ({ ref: given('Identifier') ?? id, attributes: {} }),
  'AWS::Lambda::Function': ({ id, given }) => {
    const ref = given('FunctionName') ?? id;
    return { ref, attributes: { Arn: arn('lambda', `function:${ref}`) } };
  },
  'AWS::ApiGatewayV2::Api': ({ id, endpoints }) => {
    const ref = identifier(id, 10);
    return { ref, attributes: { ApiId: ref, ApiEndpoint: endpoints.gateway } };
  },
  'AWS::ApiGatewayV2::DomainName': ({ id, given, endpoints }) => ({
    ref: given('DomainName') ?? id,
    attributes: { RegionalDomainName: new URL(endpoints.gateway).hostname, RegionalHostedZoneId: identifier(id, 14) },
  }),
  'AWS::ApiGatewayV2::Authorizer': ({ id }) => {
    const ref = identifier(id, 6);
    return { ref, attributes: { AuthorizerId: ref } };
  },
  'AWS::ApiGatewayV2::Integration': ({ id }) => ({ ref: identifier(id, 7), attributes: {} }),
  'AWS::Scheduler::Schedule': ({ id, given }) => {
    const ref = given('Name') ?? id;
    return { ref, attributes: { Arn: arn('scheduler', `schedule/default/${ref}`) } };
  },
  'AWS::IAM::Role': ({ id, given }) => {
    const ref = given('RoleName') ?? id;
    return { ref, attributes: { Arn: `arn:${PARTITION}:iam::${ACCOUNT}:role/${ref}` } };
  },
  'AWS::Logs::LogGroup': ({ id, given }) => {
    const ref = given('LogGroupName') ?? id;
    return { ref, attributes: { Arn: arn('logs', `log-group:${ref}:*`) } };
  },
};

export const identityOf = (type: string, named: Named): Identity =>
  kinds[type]?.(named) ?? { ref: named.id, attributes: {} };
