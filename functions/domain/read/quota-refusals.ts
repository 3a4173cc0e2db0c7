import { Refusal } from '../refusal.ts';

/** Seconds after which a caller whose quota of the minute is spent should try again. */
const RETRY_AFTER_SECONDS = 60;
const DAY_MS = 86_400_000;

export const tooManyUnknown = (): Refusal =>
  new Refusal('QUOTA_SPENT', TOO_MANY_UNKNOWN, { retryAfter: RETRY_AFTER_SECONDS });

/** The quota of a day begins anew at midnight UTC. @param now ms since the epoch. */
export const tooManyNew = (now: number): Refusal =>
  new Refusal('QUOTA_SPENT', TOO_MANY_NEW, { retryAfter: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000) });

const TOO_MANY_NEW =
  'Your quota of the day has no room for as many new groups. Name fewer, or try again after midnight UTC.';
const TOO_MANY_UNKNOWN =
  'AnyCheck has not yet shown verifications of too many of the groups that you named. Try again in a minute.';
