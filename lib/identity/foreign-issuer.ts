import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { TokenSource } from './token-source.ts';

/**
 * Accepts the tokens of an existing OpenID Connect issuer.
 * @param issuer exactly as in the `iss` claim of its tokens.
 */
export const foreignIssuer = (issuer: string, audience: readonly string[]): TokenSource => ({
  authorizer: new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] }),
  // The scopes of its tokens are unknown. The audience rejects tokens for other services; the handler checks the role.
  scopes: () => [],
  login: undefined,
  outputs: {},
  hosts: [],
});
