import * as jose from 'jose';
import * as z from 'zod';

/** Returns a function that loads the public keys of an issuer. */
export type KeysOf = (issuer: string) => () => Promise<jose.JWTVerifyGetKey>;

const Discovery = z.object({ jwks_uri: z.url() });

/**
 * Keys of this run's issuers come from `local`; keys of other issuers from their discovery document. A failure is not
 * cached.
 */
export function createKeysOf(local: (issuer: string) => jose.JSONWebKeySet | undefined): KeysOf {
  return (issuer) => {
    const own = local(issuer);
    if (own !== undefined) {
      const keys = jose.createLocalJWKSet(own);
      return async () => keys;
    }
    let remote: Promise<jose.JWTVerifyGetKey> | undefined;
    return async () => {
      remote ??= discover(issuer);
      try {
        return await remote;
      } catch (error) {
        remote = undefined;
        throw error;
      }
    };
  };
}

async function discover(issuer: string): Promise<jose.JWTVerifyGetKey> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(5000),
  });
  const { jwks_uri } = Discovery.parse(await answer.json());
  return jose.createRemoteJWKSet(new URL(jwks_uri));
}
