/**
 * Why AnyCheck gave no usable answer. It is stored on the group and logged, and contains nothing that AnyCheck sent.
 */
export const REASONS = [
  'NOT_FOUND',
  'NO_CREDENTIALS',
  'REFUSED',
  /** The usage limit of the account's plan is used up: AnyCheck refuses every call until the next month. */
  'QUOTA_EXCEEDED',
  'REJECTED',
  'RATE_LIMITED',
  'THROTTLED',
  'UNAVAILABLE',
  'TIMED_OUT',
  /** One answer does not fit into memory. */
  'TOO_LARGE',
  'MALFORMED',
  'INCONSISTENT',
] as const;
export type UpstreamReason = (typeof REASONS)[number];

/** The reasons for which a refresh fails without a call to AnyCheck. */
export const REASONS_WITHOUT_CALL: ReadonlySet<UpstreamReason> = new Set(['RATE_LIMITED', 'NO_CREDENTIALS']);

interface UpstreamDetails {
  /** Seconds until a retry: AnyCheck's `Retry-After`, or the time until the rate limiter admits calls again. */
  readonly retryAfter?: number | undefined;
  /** Whether the fault concerns all groups: the rate limiter or the circuit breaker stops every call for now. */
  readonly fleetWide?: boolean;
  /** Whether AnyCheck refused a parameter other than the id, which may be the page size. */
  readonly mayBeSize?: boolean;
  readonly cause?: unknown;
}

/** A call or fetch that ended without a usable answer from AnyCheck. */
export class UpstreamError extends Error {
  readonly reason: UpstreamReason;
  readonly retryAfter: number | undefined;
  readonly fleetWide: boolean;
  readonly mayBeSize: boolean;

  constructor(reason: UpstreamReason, message: string, details: UpstreamDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'UpstreamError';
    this.reason = reason;
    this.retryAfter = details.retryAfter;
    this.fleetWide = details.fleetWide ?? false;
    this.mayBeSize = details.mayBeSize ?? false;
  }
}
