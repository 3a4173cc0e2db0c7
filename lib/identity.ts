import { RemovalPolicy } from 'aws-cdk-lib';
import type { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Construct } from 'constructs';
import type { Env as AuthEnv } from '../functions/auth/env.ts';
import type { Role } from '../functions/runtime/role.ts';
import { foreignIssuer } from './foreign-issuer.ts';
import { type Capability, configuration } from './lambda.ts';
import type { Settings } from './settings.ts';
import { UserPoolIdentity } from './user-pool-identity.ts';

/** Who gives tokens to those who call, and how the gateway checks them. */
export interface TokenSource {
  readonly authorizer: HttpJwtAuthorizer;
  /** A token needs any of these on a route of this role. Where there are none, the handler alone tells who may. */
  scopes(least: Role): string[];
  /** For the function that trades passwords for tokens; undefined where tokens are had somewhere else. */
  readonly login: Capability<AuthEnv> | undefined;
  /** What an operator has to know of it, by the names of the stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** Who may call. */
export interface Identity extends TokenSource {
  /** For the functions that ask what role a caller has. */
  callers(): Capability<{ GROUPS_CLAIM: string }>;
}

/** A user pool of this stack's own, or the issuer that the settings name. */
export function identityOf(scope: Construct, id: string, settings: Settings): Identity {
  const callers = () => configuration({ GROUPS_CLAIM: settings.groups_claim });
  const { oidc_issuer: issuer, oidc_audience: audience } = settings;
  if (issuer !== undefined && audience !== undefined) return { ...foreignIssuer(issuer, audience), callers };
  const { authorizer, scopes, login, outputs } = new UserPoolIdentity(scope, id, {
    removalPolicy: settings.removal_policy === 'retain' ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    accessTokenMinutes: settings.access_token_minutes,
    refreshTokenDays: settings.refresh_token_days,
    machineClients: settings.machine_clients,
    domainPrefix: settings.auth_domain_prefix,
  });
  return { authorizer, scopes, login, outputs, callers };
}
