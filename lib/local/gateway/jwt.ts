import * as jose from 'jose';
import * as z from 'zod';

export interface JwtRules {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The issuer's public keys. */
  readonly keys: () => Promise<jose.JWTVerifyGetKey>;
  readonly now?: () => Date;
}

export type Verdict =
  | { readonly allowed: true; readonly claims: Readonly<Record<string, string>>; readonly scopes: string[] | null }
  | { readonly allowed: false; readonly status: 401 | 403; readonly challenge: string };

const JWS = /^[\w-]+\.[\w-]+\.[\w-]*$/;
const ALGORITHMS = ['RS256', 'RS384', 'RS512'];
const Claims = z.record(z.string(), z.unknown());
const Texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/**
 * Checks a token as an HTTP API's JWT authorizer does: an RSA signature with a known key, `iss`, `aud` or else
 * `client_id`, the times, and any of the route's scopes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 * @param header the identity source: the token, with or without a `Bearer ` prefix.
 */
export async function checkJwt(
  header: string | undefined,
  routeScopes: readonly string[],
  rules: JwtRules,
): Promise<Verdict> {
  const token = header?.replace(/^bearer\s+/i, '').trim();
  if (!token) return { allowed: false, status: 401, challenge: 'Bearer' };
  const verified = await verify(token, rules);
  if (typeof verified === 'string') {
    return { allowed: false, status: 401, challenge: challenge('', 'invalid_token', verified) };
  }
  const scopes = scopesOf(verified);
  if (routeScopes.length > 0 && !routeScopes.some((scope) => scopes.includes(scope))) {
    const insufficient = challenge(
      routeScopes.join(' '),
      'insufficient_scope',
      'the token does not have a required scope',
    );
    return { allowed: false, status: 403, challenge: insufficient };
  }
  const claims = Object.fromEntries(Object.entries(verified).map(([name, value]) => [name, claimText(value)]));
  return { allowed: true, claims, scopes: routeScopes.length > 0 ? scopes : null };
}

const challenge = (scope: string, error: string, description: string) =>
  `Bearer scope="${scope}" error="${error}" error_description="${description}"`;

/** Returns the claims, or a description of the token's fault. */
async function verify(token: string, rules: JwtRules): Promise<Record<string, unknown> | string> {
  // jose also decodes base64 with padding, which is no part of a token (RFC 7515, 2).
  if (!JWS.test(token)) return 'the token cannot be decoded';
  const now = rules.now?.() ?? new Date();
  try {
    const { alg, kid } = jose.decodeProtectedHeader(token);
    if (alg === undefined || !ALGORITHMS.includes(alg)) return 'the signing algorithm is not supported';
    if (kid === undefined) return 'the token does not name its key';
    const { payload } = await jose.jwtVerify(token, await rules.keys(), {
      algorithms: ALGORITHMS,
      issuer: rules.issuer,
      requiredClaims: ['iss', 'exp'],
      currentDate: now,
    });
    if (payload.iat !== undefined && payload.iat > now.getTime() / 1000) return 'the token was issued in the future';
    const claims = Claims.parse(payload);
    const audience = Texts.safeParse(claims.aud ?? claims.client_id);
    if (!audience.success || !audience.data.some((one) => rules.audience.includes(one))) {
      return 'the token does not have a valid audience';
    }
    return claims;
  } catch (error) {
    return description(error);
  }
}

function description(error: unknown): string {
  if (error instanceof jose.errors.JWTExpired) return 'the token has expired';
  if (error instanceof jose.errors.JWTClaimValidationFailed) {
    return error.claim === 'iss'
      ? 'the token does not have a valid issuer'
      : `the token has an unusable ${error.claim}`;
  }
  if (error instanceof jose.errors.JWSSignatureVerificationFailed) return 'the signature is invalid';
  if (error instanceof jose.errors.JWKSNoMatchingKey) return 'the signing key is unknown';
  return 'the token cannot be decoded';
}

function scopesOf(claims: Record<string, unknown>): string[] {
  const value = claims.scope ?? claims.scp;
  if (typeof value === 'string') return value.split(' ').filter((scope) => scope !== '');
  const list = Texts.safeParse(value);
  return list.success ? list.data : [];
}

/** A claim as text, as API Gateway passes it; a list becomes `[a b]`. */
function claimText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(claimText).join(' ')}]`;
  return JSON.stringify(value) ?? '';
}
