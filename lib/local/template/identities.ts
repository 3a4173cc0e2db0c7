import { LocalFault } from '../fault.ts';
import { ACCOUNT, arn, identifier, PARTITION, REGION } from '../names.ts';

/** The URLs of this run's engines. They are the parts of a name that change with each start. */
export interface Endpoints {
  readonly gateway: string;
  readonly queues: string;
}

/** The values of `Ref` and `Fn::GetAtt` for a resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

interface Named {
  /** The stack's name and the logical id. It is deterministic, whereas CloudFormation adds a random part. */
  readonly id: string;
  /** The template's properties, with unresolved references. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly endpoints: Endpoints;
}

/** By resource type. For any other type `Ref` is its name, and it has no attributes. */
const kinds: Readonly<Record<string, (named: Named) => Identity>> = {
  'AWS::DynamoDB::Table': ({ id }) => ({ ref: id, attributes: { Arn: arn('dynamodb', `table/${id}`) } }),
  'AWS::SQS::Queue': ({ id, properties, endpoints }) => {
    const name = properties.FifoQueue === true ? `${id}.fifo` : id;
    return {
      ref: `${endpoints.queues}/${ACCOUNT}/${name}`,
      attributes: { Arn: arn('sqs', name), QueueName: name },
    };
  },
  'AWS::Events::EventBus': (named) => {
    const name = plainText(named, 'Name');
    return { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
  },
  'AWS::SecretsManager::Secret': ({ id }) => ({
    ref: arn('secretsmanager', `secret:${id}-${identifier(id, 6)}`),
    attributes: {},
  }),
  'AWS::Cognito::UserPool': ({ id }) => {
    const poolId = `${REGION}_${identifier(id, 9)}`;
    return {
      ref: poolId,
      attributes: {
        Arn: arn('cognito-idp', `userpool/${poolId}`),
        ProviderName: `cognito-idp.${REGION}.amazonaws.com/${poolId}`,
      },
    };
  },
  'AWS::Cognito::UserPoolClient': ({ id }) => ({ ref: identifier(id, 26), attributes: {} }),
  'AWS::Cognito::UserPoolDomain': (named) => ({ ref: plainText(named, 'Domain'), attributes: {} }),
  'AWS::Cognito::UserPoolResourceServer': (named) => ({ ref: plainText(named, 'Identifier'), attributes: {} }),
  'AWS::Lambda::Function': ({ id }) => ({ ref: id, attributes: { Arn: arn('lambda', `function:${id}`) } }),
  'AWS::ApiGatewayV2::Api': ({ id, endpoints }) => ({
    ref: identifier(id, 10),
    attributes: { ApiEndpoint: endpoints.gateway },
  }),
  'AWS::ApiGatewayV2::DomainName': (named) => ({
    ref: plainText(named, 'DomainName'),
    attributes: { RegionalDomainName: new URL(named.endpoints.gateway).hostname },
  }),
  'AWS::ApiGatewayV2::Authorizer': ({ id }) => ({ ref: identifier(id, 6), attributes: {} }),
  'AWS::ApiGatewayV2::Integration': ({ id }) => ({ ref: identifier(id, 7), attributes: {} }),
  'AWS::Scheduler::Schedule': ({ id }) => ({
    ref: id,
    attributes: { Arn: arn('scheduler', `schedule/default/${id}`) },
  }),
  'AWS::IAM::Role': ({ id }) => ({ ref: id, attributes: { Arn: `arn:${PARTITION}:iam::${ACCOUNT}:role/${id}` } }),
  'AWS::Logs::LogGroup': ({ id }) => ({ ref: id, attributes: { Arn: arn('logs', `log-group:${id}:*`) } }),
};

/** A property with a name in plain text. @throws LocalFault where it is not plain text. */
function plainText({ id, properties }: Named, property: string): string {
  const name = properties[property];
  if (typeof name === 'string') return name;
  throw new LocalFault(`${id} needs a ${property} that is plain text.`);
}

export const identityOf = (type: string, named: Named): Identity =>
  kinds[type]?.(named) ?? { ref: named.id, attributes: {} };
