import type { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { Env as AuthEnv } from '../../functions/auth/env.ts';
import type { Role } from '../../functions/runtime/access/role.ts';
import type { Capability } from '../lambda.ts';
import type { Outputs } from '../outputs.ts';

/** The issuer of callers' tokens, and how API Gateway checks them. */
export interface TokenSource {
  readonly authorizer: HttpJwtAuthorizer;
  /** A token needs any of these scopes on a route of this role. An empty list leaves the check to the handler. */
  scopes(least: Role): string[];
  /** For the function behind `/auth/login`; undefined where another issuer gives out the tokens. */
  readonly login: Capability<AuthEnv> | undefined;
  readonly outputs: Outputs;
  /** The host names where this stack gives out tokens. */
  readonly hosts: readonly string[];
}
