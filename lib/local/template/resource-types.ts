import type * as z from 'zod';
import { EventBusProperties } from '../events/event-buses.ts';
import { RuleProperties } from '../events/rules.ts';
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

/** The resource types that the local run emulates, each with the properties that it supports or ignores. */
const EMULATED: Readonly<Record<string, z.ZodType>> = {
  'AWS::ApiGatewayV2::Api': ApiProperties,
  'AWS::ApiGatewayV2::Authorizer': AuthorizerProperties,
  'AWS::ApiGatewayV2::Integration': IntegrationProperties,
  'AWS::ApiGatewayV2::Route': RouteProperties,
  'AWS::ApiGatewayV2::Stage': StageProperties,
  'AWS::Cognito::UserPool': PoolProperties,
  'AWS::Cognito::UserPoolClient': ClientProperties,
  'AWS::DynamoDB::Table': TableProperties,
  'AWS::Events::EventBus': EventBusProperties,
  'AWS::Events::Rule': RuleProperties,
  'AWS::Lambda::EventSourceMapping': EventSourceProperties,
  'AWS::Lambda::Function': FunctionProperties,
  'AWS::Logs::SubscriptionFilter': SubscriptionProperties,
  'AWS::SQS::Queue': QueueProperties,
  'AWS::Scheduler::Schedule': ScheduleProperties,
  'AWS::SecretsManager::Secret': SecretProperties,
};

/** The resource types that the local run ignores, with all their properties. */
const IGNORED_TYPES: ReadonlySet<string> = new Set([
  // The gateway has one address and ignores the host name.
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::Route53::RecordSet',
  // Metrics stay in the log files.
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  // The issuer has one token endpoint, one user with groups from the settings, and accepts the scopes that a client
  // lists.
  'AWS::Cognito::UserPoolDomain',
  'AWS::Cognito::UserPoolGroup',
  'AWS::Cognito::UserPoolResourceServer',
  // The stream of a run holds its last events.
  'AWS::Events::Archive',
  // The local run allows every call.
  'AWS::Events::EventBusPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Lambda::Permission',
  'AWS::SQS::QueuePolicy',
  // A log group is a file without retention.
  'AWS::Logs::LogGroup',
]);

/** @throws LocalFault with one sentence that names the first unsupported resource type or property. */
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
