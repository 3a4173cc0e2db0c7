import { Refusal } from '../refusal.ts';

/** Seconds after which a caller whose quota is spent should try again. */
const RETRY_AFTER_SECONDS = 60;

export const tooManyUnknown = (): Refusal =>
  new Refusal('QUOTA_SPENT', TOO_MANY_UNKNOWN, { retryAfter: RETRY_AFTER_SECONDS });

export const tooManyNew = (): Refusal => new Refusal('QUOTA_SPENT', TOO_MANY_NEW, { retryAfter: RETRY_AFTER_SECONDS });

const TOO_MANY_NEW = 'These are more new groups than your quota of the day leaves. Name fewer, or try again tomorrow.';
const TOO_MANY_UNKNOWN =
  'AnyCheck has not yet shown verifications of too many of the groups that you named. Try again in a minute, or tomorrow.';
