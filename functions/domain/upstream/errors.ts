/** Why AnyCheck could not be used. Recorded on the group and logged; never with anything AnyCheck sent. */
export type UpstreamReason =
  | 'NOT_FOUND'
  | 'NO_CREDENTIALS'
  | 'REFUSED'
  | 'REJECTED'
  | 'RATE_LIMITED'
  | 'THROTTLED'
  | 'UNAVAILABLE'
  | 'TIMED_OUT'
  /** One answer is more than memory takes. */
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'INCONSISTENT';

/** Those for which a look fails before AnyCheck is asked. */
export const REASONS_WITHOUT_CALL: ReadonlySet<UpstreamReason> = new Set(['RATE_LIMITED', 'NO_CREDENTIALS']);

interface UpstreamDetails {
  /** Seconds, as AnyCheck's `Retry-After` asked, or until it is asked again by anybody. */
  readonly retryAfter?: number | undefined;
  /** AnyCheck is asked by nobody for now, whatever the group: it isn't the group's fault. */
  readonly fleetWide?: boolean;
  readonly cause?: unknown;
}

/** A fetch that ended without a usable answer from AnyCheck. */
export class UpstreamError extends Error {
  readonly reason: UpstreamReason;
  readonly retryAfter: number | undefined;
  readonly fleetWide: boolean;

  constructor(reason: UpstreamReason, message: string, details: UpstreamDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'UpstreamError';
    this.reason = reason;
    this.retryAfter = details.retryAfter;
    this.fleetWide = details.fleetWide ?? false;
  }
}
