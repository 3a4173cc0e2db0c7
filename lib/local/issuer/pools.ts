import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { IGNORED } from '../template/ignored.ts';
import type { Stack } from '../template/stack.ts';

export const PoolProperties = z.strictObject({
  UsernameConfiguration: z.strictObject({ CaseSensitive: z.literal(false) }),
  AccountRecoverySetting: IGNORED,
  AdminCreateUserConfig: IGNORED,
  AutoVerifiedAttributes: IGNORED,
  DeletionProtection: IGNORED,
  EmailVerificationMessage: IGNORED,
  EmailVerificationSubject: IGNORED,
  Policies: IGNORED,
  SmsVerificationMessage: IGNORED,
  // The local issuer always accepts the e-mail address as the user name.
  UsernameAttributes: IGNORED,
  VerificationMessageTemplate: IGNORED,
});
const minutes = z.literal('minutes');
export const ClientProperties = z.strictObject({
  UserPoolId: z.string(),
  ClientName: z.string().default(''),
  GenerateSecret: z.boolean().default(false),
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  AllowedOAuthFlows: z.array(z.literal('client_credentials')).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  ExplicitAuthFlows: z.array(z.enum(['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'])),
  PreventUserExistenceErrors: z.literal('ENABLED'),
  AccessTokenValidity: z.int(),
  // A machine's client gets neither token.
  IdTokenValidity: z.int().default(0),
  RefreshTokenValidity: z.int().default(0),
  TokenValidityUnits: z.strictObject({
    AccessToken: minutes,
    IdToken: minutes.optional(),
    RefreshToken: minutes.optional(),
  }),
  RefreshTokenRotation: z
    .strictObject({ Feature: z.literal('ENABLED'), RetryGracePeriodSeconds: z.literal(0) })
    .optional(),
  SupportedIdentityProviders: IGNORED,
});

export interface Pool {
  readonly id: string;
  readonly issuer: string;
}

/** An app client. Validities are in seconds. */
export interface PoolClient {
  readonly id: string;
  readonly name: string;
  readonly pool: Pool;
  readonly hasSecret: boolean;
  /** The grant types that the token endpoint allows it. */
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
  readonly flows: readonly string[];
  readonly accessSeconds: number;
  readonly idSeconds: number;
  readonly refreshSeconds: number;
}

export const poolsOf = (stack: Stack): Pool[] =>
  stack
    .resources('AWS::Cognito::UserPool')
    .map(({ ref, attributes }) => ({ id: ref, issuer: `https://${attributes.ProviderName}` }));

export function clientsOf(stack: Stack, pools: readonly Pool[]): PoolClient[] {
  return stack.resources('AWS::Cognito::UserPoolClient').map((resource) => {
    const properties = resource.properties(ClientProperties);
    const pool = pools.find(({ id }) => id === properties.UserPoolId);
    if (pool === undefined)
      throw new LocalFault(`${resource.logicalId} belongs to a user pool that is not in the template.`);
    return {
      id: resource.ref,
      name: properties.ClientName,
      pool,
      hasSecret: properties.GenerateSecret,
      grants: properties.AllowedOAuthFlowsUserPoolClient ? properties.AllowedOAuthFlows : [],
      scopes: properties.AllowedOAuthScopes,
      flows: properties.ExplicitAuthFlows,
      accessSeconds: properties.AccessTokenValidity * 60,
      idSeconds: properties.IdTokenValidity * 60,
      refreshSeconds: properties.RefreshTokenValidity * 60,
    };
  });
}
