import { createHmac } from 'node:crypto';
import * as jose from 'jose';
import type { SigningKey } from '../../../lib/local/issuer/signing-key.ts';
import { USER } from '../stack/options.ts';

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

/**
 * Authorization headers by what is wrong with each.
 * @param token a good one, of which they are made. @param key the issuer's own.
 */
export async function forgedTokens(token: string, key: SigningKey): Promise<Record<string, string>> {
  const claims = jose.decodeJwt(token);
  const [header = '', body = '', signature = ''] = token.split('.');
  const { kid } = key;
  const own = async (changed: jose.JWTPayload) => `Bearer ${await key.sign({ ...claims, ...changed })}`;
  const { exp, ...endless } = claims;
  const { client_id, ...withoutClient } = claims;
  const { iss, ...withoutIssuer } = claims;
  const { scope, ...withoutScope } = claims;
  const stranger = await jose.generateKeyPair('RS256', { extractable: true });
  const jwk = await jose.exportJWK(stranger.publicKey);
  const foreign = async (named: object) =>
    `Bearer ${await new jose.SignJWT(claims).setProtectedHeader({ alg: 'RS256', ...named }).sign(stranger.privateKey)}`;
  const unsigned = (alg: string, end: string) => `Bearer ${encoded({ alg, kid })}.${body}.${end}`;
  const [published] = key.publicKeys.keys;
  const publicKey = await jose.importJWK(published ?? {}, 'RS256', { extractable: true });
  if (publicKey instanceof Uint8Array) throw new Error('an RSA key is no secret');
  const pem = await jose.exportSPKI(publicKey);
  const hmac = (secret: string | Buffer) => {
    const signed = `${encoded({ alg: 'HS256', kid, typ: 'JWT' })}.${body}`;
    return `Bearer ${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  const elliptic = await jose.generateKeyPair('ES256');
  return {
    'an empty token': 'Bearer ',
    'no JWT': 'Bearer nonsense',
    'a password': `Basic ${Buffer.from(`${USER.email}:${USER.password}`).toString('base64')}`,
    'two tokens': `Bearer ${token}, Bearer ${token}`,
    'foreign, under our key’s name': await foreign({ kid }),
    'foreign, under a name of its own': await foreign({ kid: 'mine' }),
    'foreign, under no name': await foreign({}),
    'foreign, with its key in it': await foreign({ kid, jwk }),
    'foreign, under a name that is a path': await foreign({ kid: '../../../../dev/null' }),
    'signed with an elliptic curve': `Bearer ${await new jose.SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(elliptic.privateKey)}`,
    'alg none': unsigned('none', ''),
    'alg none, with a signature': unsigned('none', signature),
    'alg None': unsigned('None', ''),
    'no alg': `Bearer ${encoded({ kid })}.${body}.${signature}`,
    'HS256 with the public key’s PEM': hmac(pem),
    'HS256 with the public key’s PEM, trimmed': hmac(pem.trim()),
    'HS256 with the public key’s JWK': hmac(JSON.stringify(published)),
    'HS256 with the public key’s modulus': hmac(Buffer.from(published?.n ?? '', 'base64url')),
    'HS256 with no secret': hmac(''),
    'tampered claims': `Bearer ${header}.${encoded({ ...claims, sub: 'another-subject' })}.${signature}`,
    'tampered signature': `Bearer ${header}.${body}.${signature.replace(/^./, (one) => (one === 'A' ? 'B' : 'A'))}`,
    'no signature': `Bearer ${header}.${body}.`,
    'claims alone': `Bearer ${body}`,
    expired: await own({ exp: now() - 1 }),
    'without an end': `Bearer ${await key.sign(endless)}`,
    'not yet valid': await own({ nbf: now() + 300 }),
    'issued in the future': await own({ iat: now() + 300 }),
    'of another client': await own({ client_id: 'another-client' }),
    'for another audience': await own({ aud: 'https://api.example.com' }),
    'for no client': `Bearer ${await key.sign(withoutClient)}`,
    'of another issuer': await own({ iss: `${iss}x` }),
    'of the issuer with a slash': await own({ iss: `${iss}/` }),
    'of no issuer': `Bearer ${await key.sign(withoutIssuer)}`,
    'an id token': `Bearer ${await key.sign(idClaims(claims))}`,
    'without a scope': `Bearer ${await key.sign(withoutScope)}`,
    'of a scope that begins alike': await own({ scope: 'aws.cognito.signin.user.admins anycheck-snapshots' }),
  };
}

/** What Cognito's id token says of the same login. */
const idClaims = ({ client_id, scope, ...claims }: jose.JWTPayload): jose.JWTPayload => ({
  ...claims,
  aud: String(client_id),
  token_use: 'id',
});

/** Good tokens that permit nothing here; all others are none. */
export const FORBIDDEN = ['an id token', 'without a scope', 'of a scope that begins alike'];
