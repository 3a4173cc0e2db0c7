import { randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { ApiError } from './api-error.ts';

const LIFETIME_SECONDS = { access: 3600, refresh: 30 * 24 * 3600 };

const claimsSchema = z.object({
  sub: z.string(),
  sid: z.string(),
  jti: z.string(),
  typ: z.enum(['access', 'refresh']),
});
export type Claims = z.infer<typeof claimsSchema>;

export interface TokenPair {
  access_token: string;
  refresh_token: string;
}

/**
 * Issues an access token (1 h) and a refresh token (30 d) of one session, HS256. `refreshId` becomes the refresh
 * token's `jti`.
 */
export async function issueTokens(
  secret: string,
  session: { id: string; refreshId: string },
  email: string,
  now: number,
): Promise<TokenPair> {
  const sign = (typ: 'access' | 'refresh', jti: string) =>
    new SignJWT({ sid: session.id, typ })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(email)
      .setJti(jti)
      .setIssuedAt(Math.floor(now / 1000))
      .setExpirationTime(Math.floor(now / 1000) + LIFETIME_SECONDS[typ])
      .sign(Buffer.from(secret, 'base64url'));
  return { access_token: await sign('access', randomUUID()), refresh_token: await sign('refresh', session.refreshId) };
}

/** Returns a token's claims, without a check of its session. @throws ApiError TOKEN_EXPIRED or INVALID_TOKEN. */
export async function readToken(secret: string, token: string, typ: Claims['typ'], now: number): Promise<Claims> {
  const options = { algorithms: ['HS256'], currentDate: new Date(now) };
  const claims = await jwtVerify(token, Buffer.from(secret, 'base64url'), options).then(
    ({ payload }) => claimsSchema.safeParse(payload).data,
    (error: unknown) => {
      if (error instanceof errors.JWTExpired) throw new ApiError(401, 'TOKEN_EXPIRED', 'the token has expired');
      return undefined;
    },
  );
  if (claims?.typ !== typ) throw new ApiError(401, 'INVALID_TOKEN', 'the token is not valid');
  return claims;
}
