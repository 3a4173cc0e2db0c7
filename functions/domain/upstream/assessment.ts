import type { ErrorAnswer } from './answer.ts';
import { UpstreamError, type UpstreamReason } from './errors.ts';

/** What the end of a call says about AnyCheck, and at whom it points. */
export interface Assessment {
  /**
   * Usable: AnyCheck works, since it sent a list, or refused this group in its own words. Unusable: the call got nothing
   * usable. Neutral: the call shows neither.
   */
  readonly verdict: 'usable' | 'unusable' | 'neutral';
  /**
   * Whose calls fail for the same reason: the group's alone (as far as one answer shows), those of the account, or those
   * of the whole fleet.
   */
  readonly fault: 'nobody' | 'group' | 'account' | 'fleet';
  /** Undefined where the call succeeded. */
  readonly reason: UpstreamReason | undefined;
}

const usable = (reason: UpstreamReason): Assessment => ({ verdict: 'usable', fault: 'group', reason });
const unusable = (fault: Assessment['fault'], reason: UpstreamReason): Assessment => ({
  verdict: 'unusable',
  fault,
  reason,
});
const neutral = (fault: Assessment['fault'], reason: UpstreamReason): Assessment => ({
  verdict: 'neutral',
  fault,
  reason,
});

export const SUCCESS: Assessment = { verdict: 'usable', fault: 'nobody', reason: undefined };

/**
 * AnyCheck's error codes after which renewed credentials can succeed: a session ended, or a key was rotated. They
 * cannot help against a missing permission or an empty balance.
 */
const BAD_CREDENTIALS = new Set(['INVALID_CREDENTIALS', 'INVALID_API_KEY', 'API_KEY_EXPIRED']);
const UNAUTHORIZED = new Set(['UNAUTHORIZED', 'TOKEN_EXPIRED', 'INVALID_TOKEN', ...BAD_CREDENTIALS]);

/** Whether AnyCheck demands other credentials or a new session. */
export const isUnauthorized = ({ code, status }: ErrorAnswer): boolean =>
  code === undefined ? status === 401 : UNAUTHORIZED.has(code);

/**
 * Whether AnyCheck refuses the credentials themselves. More calls with them do harm: they can get the user locked out.
 */
export const isBadCredentials = ({ code }: ErrorAnswer): boolean => code !== undefined && BAD_CREDENTIALS.has(code);

/** AnyCheck's other codes of a 4xx. Codes that begin with `INVALID_` refuse the request of one group. */
const BY_CODE = new Map<string, Assessment>([
  ['NOT_FOUND', usable('NOT_FOUND')],
  ['ALREADY_EXISTS', usable('REJECTED')],
  // Of one group beside others that succeed, or of all groups: that shows only in what follows.
  ['FORBIDDEN', unusable('group', 'REFUSED')],
  ['INSUFFICIENT_BALANCE', unusable('account', 'REFUSED')],
  // With a 403, the plan's usage limit of the month. A rate limit is a 429.
  ['QUOTA_EXCEEDED', unusable('account', 'QUOTA_EXCEEDED')],
  ['INTERNAL_SERVER_ERROR', unusable('fleet', 'UNAVAILABLE')],
  ['REQUEST_TIMEOUT', unusable('fleet', 'UNAVAILABLE')],
]);

const REFUSED_STATUSES = new Set([401, 402, 403, 407]);

/**
 * Assesses an error answer by its `error_code` first and by its HTTP status second, as AnyCheck's reference requires. A
 * code counts in a 4xx only: another status contradicts it.
 * @param isRenewable whether the caller can renew the credentials that a 401 refuses.
 */
export function assessAnswer(answer: ErrorAnswer, isRenewable: boolean): Assessment {
  const { status, code } = answer;
  if (status === 429) return neutral('fleet', 'THROTTLED');
  if (status < 400 || status >= 500 || status === 408) return unusable('fleet', 'UNAVAILABLE');
  // The circuit breaker has its own way with refused credentials, and a session that ended is opened again.
  if (isBadCredentials(answer)) return neutral('account', 'REFUSED');
  if (isUnauthorized(answer)) return isRenewable ? neutral('account', 'REFUSED') : unusable('account', 'REFUSED');
  if (code === undefined) {
    // Something in front of AnyCheck answered in its place.
    const byStatus = REFUSED_STATUSES.has(status) ? 'REFUSED' : status === 404 ? 'UNAVAILABLE' : 'REJECTED';
    return unusable('fleet', byStatus);
  }
  const known = BY_CODE.get(code);
  if (known) return known;
  if (code.startsWith('INVALID_')) return usable('REJECTED');
  if (status === 404) return usable('NOT_FOUND');
  return unusable('group', REFUSED_STATUSES.has(status) ? 'REFUSED' : 'REJECTED');
}

/**
 * Assesses a call that ended without an answer that could be read.
 * @param isAborted whether the caller ended it before AnyCheck took long.
 */
export function assessError({ reason }: UpstreamError, isAborted: boolean): Assessment {
  if (reason === 'TOO_LARGE') return neutral('group', reason);
  if (reason === 'MALFORMED') return unusable('group', reason);
  return isAborted ? neutral('nobody', reason) : unusable('fleet', reason);
}

/** The effect of a call's end on all other calls. */
export interface UpstreamImpact {
  /** Whether it stops or pauses all calls, not only those of its group. */
  readonly fleetWide: boolean;
  /** Seconds until a retry, where AnyCheck announces them. */
  readonly retryAfter: number | undefined;
}

/**
 * Creates the error of a refused call. Its message repeats AnyCheck's code only if it is spelled like AnyCheck's codes. It
 * contains nothing else from AnyCheck.
 */
export function refusedBy(
  { status, code }: ErrorAnswer,
  { reason }: Pick<Assessment, 'reason'>,
  impact: UpstreamImpact,
): UpstreamError {
  const named = code !== undefined && /^[A-Z_]{1,40}$/.test(code) ? ` ${code}` : '';
  const mayBeSize = status === 400 && code !== 'INVALID_ID';
  return new UpstreamError(reason ?? 'UNAVAILABLE', `AnyCheck answered ${status}${named}`, { ...impact, mayBeSize });
}
