import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import type { TokenSource } from './token-source.ts';

/**
 * The tokens of an OpenID Connect issuer that is there already.
 * @param issuer as its tokens name it, letter by letter.
 */
export const foreignIssuer = (issuer: string, audience: readonly string[]): TokenSource => ({
  authorizer: new HttpJwtAuthorizer('Jwt', issuer, { jwtAudience: [...audience] }),
  // Nobody knows what scopes its people's tokens have: the audience keeps out what is meant for others, the role the rest.
  scopes: () => [],
  login: undefined,
  outputs: {},
});
