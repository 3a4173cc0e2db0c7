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

const Tokens = z.object({ access_token: HeaderText, refresh_token: z.optional(z.unknown()) });
const Claims = z.object({ exp: z.number(), iat: z.optional(z.unknown()) });

export interface IssuedTokens {
  readonly access_token: string;
  readonly refresh_token?: string | undefined;
}

/**
 * Parses the answer of a route that issues tokens. An answer without a usable refresh token is one without any.
 * @throws UpstreamError MALFORMED.
 */
export function parseTokens(body: string): IssuedTokens {
  const { access_token, refresh_token } = tokensIn(body) ?? {};
  if (!isToken(access_token)) throw new UpstreamError('MALFORMED', "AnyCheck's answer to a login holds no tokens");
  return { access_token, ...(isToken(refresh_token) && { refresh_token }) };
}

const isToken = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_TOKEN_LENGTH;

function tokensIn(body: string): z.infer<typeof Tokens> | undefined {
  try {
    return Tokens.parse(JSON.parse(body));
  } catch {
    return undefined;
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
  const { exp, iat } = claims;
  const issuedAt = typeof iat === 'number' ? iat : Number.NaN;
  const possible = [(exp - issuedAt) * 1000, exp * 1000 - now].filter((life) => life >= MIN_LIFE_MS);
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
