import type { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Env as AuthEnv } from '../../functions/auth/env.ts';
import type { Role } from '../../functions/runtime/access/role.ts';
import type { Capability } from '../lambda.ts';

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
