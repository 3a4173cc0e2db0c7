import * as z from 'zod';
import { LocalFault } from '../fault.ts';
import { IGNORED } from '../ignored.ts';
import type { Stack } from '../stack.ts';

const Unit = z.enum(['seconds', 'minutes', 'hours', 'days']);
const SECONDS = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;

export const PoolProperties = z.strictObject({
  UsernameConfiguration: z.strictObject({ CaseSensitive: z.boolean().default(true) }).default({ CaseSensitive: true }),
  AccountRecoverySetting: IGNORED,
  AdminCreateUserConfig: IGNORED,
  AutoVerifiedAttributes: IGNORED,
  DeletionProtection: IGNORED,
  EmailVerificationMessage: IGNORED,
  EmailVerificationSubject: IGNORED,
  Policies: IGNORED,
  SmsVerificationMessage: IGNORED,
  // People log in with their e-mail address here in any case.
  UsernameAttributes: IGNORED,
  VerificationMessageTemplate: IGNORED,
});
export const ClientProperties = z.strictObject({
  UserPoolId: z.string(),
  ClientName: z.string().default(''),
  GenerateSecret: z.boolean().default(false),
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  AllowedOAuthFlows: z.array(z.string()).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  ExplicitAuthFlows: z.array(z.string()).default(['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH']),
  PreventUserExistenceErrors: z.enum(['ENABLED', 'LEGACY']).default('LEGACY'),
  AccessTokenValidity: z.number().default(1),
  IdTokenValidity: z.number().default(1),
  RefreshTokenValidity: z.number().default(30),
  TokenValidityUnits: z
    .strictObject({
      AccessToken: Unit.default('hours'),
      IdToken: Unit.default('hours'),
      RefreshToken: Unit.default('days'),
    })
    .prefault({}),
  RefreshTokenRotation: z
    .strictObject({ Feature: z.enum(['ENABLED', 'DISABLED']), RetryGracePeriodSeconds: z.number().default(0) })
    .default({ Feature: 'DISABLED', RetryGracePeriodSeconds: 0 }),
  SupportedIdentityProviders: IGNORED,
});

export interface Pool {
  readonly id: string;
  readonly issuer: string;
  readonly caseSensitive: boolean;
}

/** An app client. Validities and the grace period are in seconds. */
export interface PoolClient {
  readonly id: string;
  readonly name: string;
  readonly pool: Pool;
  readonly hasSecret: boolean;
  /** What the token endpoint grants it. */
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
  readonly flows: readonly string[];
  readonly hidesUnknownUsers: boolean;
  readonly accessSeconds: number;
  readonly idSeconds: number;
  readonly refreshSeconds: number;
  readonly rotates: boolean;
  readonly graceSeconds: number;
}

export function poolsOf(stack: Stack): Pool[] {
  return stack.resources('AWS::Cognito::UserPool').map((resource) => ({
    id: resource.ref,
    issuer: `https://${resource.attributes.ProviderName}`,
    caseSensitive: resource.properties(PoolProperties).UsernameConfiguration.CaseSensitive,
  }));
}

export function clientsOf(stack: Stack, pools: readonly Pool[]): PoolClient[] {
  return stack.resources('AWS::Cognito::UserPoolClient').map((resource) => {
    const properties = resource.properties(ClientProperties);
    const pool = pools.find(({ id }) => id === properties.UserPoolId);
    if (pool === undefined)
      throw new LocalFault(`${resource.logicalId} belongs to a user pool that is not in the template.`);
    const units = properties.TokenValidityUnits;
    return {
      id: resource.ref,
      name: properties.ClientName,
      pool,
      hasSecret: properties.GenerateSecret,
      grants: properties.AllowedOAuthFlowsUserPoolClient ? properties.AllowedOAuthFlows : [],
      scopes: properties.AllowedOAuthScopes,
      flows: properties.ExplicitAuthFlows,
      hidesUnknownUsers: properties.PreventUserExistenceErrors === 'ENABLED',
      accessSeconds: properties.AccessTokenValidity * SECONDS[units.AccessToken],
      idSeconds: properties.IdTokenValidity * SECONDS[units.IdToken],
      refreshSeconds: properties.RefreshTokenValidity * SECONDS[units.RefreshToken],
      rotates: properties.RefreshTokenRotation.Feature === 'ENABLED',
      graceSeconds: properties.RefreshTokenRotation.RetryGracePeriodSeconds,
    };
  });
}
