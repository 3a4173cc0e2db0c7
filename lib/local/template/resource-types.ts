import type * as z from 'zod';
import { LocalFault } from '../fault.ts';
import {
  ApiProperties,
  AuthorizerProperties,
  IntegrationProperties,
  RouteProperties,
  StageProperties,
} from '../gateway/api.ts';
import { ClientProperties, PoolProperties } from '../issuer/pools.ts';
import { FunctionProperties } from '../lambda/functions.ts';
import { SubscriptionProperties } from '../logs/subscriptions.ts';
import { EventSourceProperties } from '../queues/event-sources.ts';
import { QueueProperties } from '../queues/queues.ts';
import { ScheduleProperties } from '../schedules.ts';
import { SecretProperties } from '../secrets.ts';
import { TableProperties } from '../storage/tables.ts';
import type { Stack } from './stack.ts';

/** The resource types that run here, each with the properties that the local run understands or knowingly ignores. */
const EMULATED: Readonly<Record<string, z.ZodType>> = {
  'AWS::ApiGatewayV2::Api': ApiProperties,
  'AWS::ApiGatewayV2::Authorizer': AuthorizerProperties,
  'AWS::ApiGatewayV2::Integration': IntegrationProperties,
  'AWS::ApiGatewayV2::Route': RouteProperties,
  'AWS::ApiGatewayV2::Stage': StageProperties,
  'AWS::Cognito::UserPool': PoolProperties,
  'AWS::Cognito::UserPoolClient': ClientProperties,
  'AWS::DynamoDB::Table': TableProperties,
  'AWS::Lambda::EventSourceMapping': EventSourceProperties,
  'AWS::Lambda::Function': FunctionProperties,
  'AWS::Logs::SubscriptionFilter': SubscriptionProperties,
  'AWS::SQS::Queue': QueueProperties,
  'AWS::Scheduler::Schedule': ScheduleProperties,
  'AWS::SecretsManager::Secret': SecretProperties,
};

/** The resource types that mean nothing here, with all their properties. */
const IGNORED_TYPES: ReadonlySet<string> = new Set([
  // The gateway answers under one address: it looks at no host name.
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::Route53::RecordSet',
  // Metrics stay in the log files.
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  // The issuer has one token endpoint, one user whose groups the settings name, and takes scopes as the clients list them.
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Cognito::UserPoolResourceServer',
  // Every call is allowed.
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::SQS::QueuePolicy',
  // A log group is a file without an end.
  'AWS::Logs::LogGroup',
]);

/** @throws LocalFault of one sentence that names the first resource type, or property, which the local run does not support. */
export function refuseUnsupported(stack: Stack): void {
  for (const resource of stack.all) {
    const { logicalId, type, condition } = resource;
    const schema = EMULATED[type];
    if (schema === undefined && !IGNORED_TYPES.has(type)) {
      throw new LocalFault(`${logicalId} is of the type ${type}, which the local run does not support.`);
    }
    if (condition !== undefined) {
      throw new LocalFault(`${logicalId} (${type}) depends on a condition, which the local run does not support.`);
    }
    if (schema !== undefined) resource.properties(schema);
  }
}
