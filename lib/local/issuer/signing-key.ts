import * as jose from 'jose';
import * as z from 'zod';
import type { State } from '../storage/state.ts';

/** The key pair that signs tokens. It is stored, so that a later run accepts tokens of an earlier one. */
export interface SigningKey {
  readonly kid: string;
  sign(claims: jose.JWTPayload): Promise<string>;
  readonly publicKeys: jose.JSONWebKeySet;
}

const ALGORITHM = 'RS256';
const STATE_KEY = 'issuer/signing-key';
const Jwk = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() }).catchall(z.string());

export async function loadSigningKey(state: State): Promise<SigningKey> {
  const stored = state.get(STATE_KEY);
  const jwk = Jwk.parse(stored === undefined ? await generate() : JSON.parse(stored));
  if (stored === undefined) state.put(STATE_KEY, JSON.stringify(jwk));
  const key = await jose.importJWK(jwk, ALGORITHM);
  const kid = await jose.calculateJwkThumbprint(jwk);
  return {
    kid,
    sign: (claims) => new jose.SignJWT(claims).setProtectedHeader({ alg: ALGORITHM, kid }).sign(key),
    publicKeys: { keys: [{ kty: jwk.kty, n: jwk.n, e: jwk.e, kid, alg: ALGORITHM, use: 'sig' }] },
  };
}

async function generate(): Promise<jose.JWK> {
  const { privateKey } = await jose.generateKeyPair(ALGORITHM, { extractable: true });
  return jose.exportJWK(privateKey);
}
