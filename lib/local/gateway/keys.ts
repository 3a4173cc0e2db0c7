import * as jose from 'jose';
import * as z from 'zod';

/** Finds the public keys of an issuer. */
export type KeysOf = (issuer: string) => () => Promise<jose.JWTVerifyGetKey>;

const Discovery = z.object({ jwks_uri: z.url() });

/** Keys of the issuers in this run where `local` knows them, from the issuer's own discovery document otherwise. */
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
