/** The tokens of a sign-in. */
export interface Tokens {
  readonly accessToken: string;
  /** Absent where the issuer grants none. */
  readonly refreshToken?: string | undefined;
  /** When the access token ends by the clock of this browser, ms since the epoch; undefined where it does not say. */
  readonly endsAt?: number | undefined;
}

/**
 * Returns when a JWT ends by the clock of this browser, which can differ from the issuer's: the token's lifetime counts
 * from its arrival. @param now ms since the epoch.
 */
export function endOf(token: string, now: number): number | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    const { exp, iat } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    const lifetimeMs = (Number(exp) - Number(iat)) * 1000;
    return Number.isFinite(lifetimeMs) ? now + lifetimeMs : undefined;
  } catch {
    // Not every issuer's access token is a JWT.
    return undefined;
  }
}
