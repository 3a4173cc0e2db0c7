import * as z from 'zod/mini';
import { UpstreamError } from '../../domain/upstream/errors.ts';
import { HeaderText } from './credentials.ts';

/** Characters of a token. Servers accept headers of 8 KB or so, and a row holds 400 KB. */
const MAX_TOKEN_LENGTH = 16_384;
/** The part of an access token's lifetime after which it is renewed, before it expires. */
const RENEW_AFTER = 0.9;
/** ms: the lifetime of an access token by AnyCheck's documentation, for a token that does not state its own. */
const DOCUMENTED_LIFE_MS = 3_600_000;
/** ms. Claims of a shorter life come from a clock that is wrong. */
const MIN_LIFE_MS = 60_000;
const MAX_LIFE_MS = 30 * 86_400_000;
/** ms: a time that does not come. It can be added to a time and stored. */
const NEVER_MS = 10 ** 15;

const tokenLength = z.maxLength(MAX_TOKEN_LENGTH);
const Tokens = z.object({
  access_token: HeaderText.check(tokenLength),
  /** An answer without a usable one is an answer without one. */
  refresh_token: z.catch(z.optional(z.string().check(z.minLength(1), tokenLength)), undefined),
});
const Claims = z.object({ exp: z.number(), iat: z.catch(z.optional(z.number()), undefined) });

export interface IssuedTokens {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
}

/** Parses the answer of a route that issues tokens. @throws UpstreamError MALFORMED. */
export function parseTokens(body: string): IssuedTokens {
  try {
    const { access_token, refresh_token } = Tokens.parse(JSON.parse(body));
    return { access_token, ...(refresh_token !== undefined && { refresh_token }) };
  } catch {
    throw new UpstreamError('MALFORMED', "AnyCheck's answer to a login holds no tokens");
  }
}

/**
 * Returns after how many ms a session is renewed, and after how many its access token ends. A session without a refresh
 * token is used until it ends. Where the token states no end that lies ahead, AnyCheck's refusal ends it.
 * @param now ms since the epoch.
 */
export function lifetimeOf(tokens: IssuedTokens, now: number): { renewAfter: number; endsAfter: number } {
  const life = lifeOf(tokens.access_token, now);
  if (life === undefined) return { renewAfter: NEVER_MS, endsAfter: NEVER_MS };
  return { renewAfter: tokens.refresh_token === undefined ? life : life * RENEW_AFTER, endsAfter: life };
}

/** The shorter of the lives by AnyCheck's clock and by ours, of those that are possible. */
function lifeOf(token: string, now: number): number | undefined {
  const claims = claimsOf(token);
  if (!claims) return DOCUMENTED_LIFE_MS;
  const { exp, iat = Number.NaN } = claims;
  const possible = [(exp - iat) * 1000, exp * 1000 - now].filter((life) => life >= MIN_LIFE_MS);
  return possible.length > 0 ? Math.min(...possible, MAX_LIFE_MS) : undefined;
}

/** @returns undefined for a token that is not a JWT, or has no end. */
function claimsOf(token: string): z.infer<typeof Claims> | undefined {
  try {
    return Claims.parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
  } catch {
    return undefined;
  }
}
