import { Refusal } from '../refusal.ts';

/** Seconds after which a caller should retry whose quota per minute is spent. */
const RETRY_AFTER_SECONDS = 60;
const DAY_MS = 86_400_000;

export const tooManyUnknown = (): Refusal =>
  new Refusal('QUOTA_SPENT', TOO_MANY_UNKNOWN, { retryAfter: RETRY_AFTER_SECONDS });

/** The daily quota restarts at midnight UTC. @param now ms since the epoch. */
export const tooManyNew = (now: number): Refusal =>
  new Refusal('QUOTA_SPENT', TOO_MANY_NEW, { retryAfter: Math.ceil((DAY_MS - (now % DAY_MS)) / 1000) });

const TOO_MANY_NEW =
  'Your daily quota does not allow this many new groups. Name fewer groups, or try again after midnight UTC.';
const TOO_MANY_UNKNOWN =
  'You read too many groups in the last minute of which AnyCheck returned no verifications. Try again in a minute.';
