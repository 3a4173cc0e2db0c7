/** AnyCheck's error codes that this service answers with; see the error section of AnyCheck's reference. */
export const ERROR_CODES = [
  'INVALID_REQUEST',
  'INVALID_ID',
  'INVALID_CREDENTIALS',
  'INVALID_TOKEN',
  'FORBIDDEN',
  'NOT_FOUND',
  'QUOTA_EXCEEDED',
  'INTERNAL_SERVER_ERROR',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface FieldError {
  readonly field: string;
  readonly message: string;
}

interface Details {
  readonly errors?: readonly FieldError[];
  /** Seconds, for the `Retry-After` header. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An answer that is not the one asked for, in words for the caller. Its message is sent as it is: nothing internal belongs in it. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(status: number, code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.errors = details.errors;
    this.retryAfter = details.retryAfter;
  }
}

/** What is wrong with one field: `what` goes behind its name. */
export interface Fault {
  readonly field: string;
  readonly what: string;
  /** Whether it is a malformed UUID, for which AnyCheck has a code of its own. */
  readonly isId?: boolean;
}

export const invalidRequest = (faults: readonly Fault[]): ApiError =>
  new ApiError(400, faults.every(({ isId }) => isId) ? 'INVALID_ID' : 'INVALID_REQUEST', 'The request is not valid.', {
    errors: faults.map(({ field, what }) => ({
      field,
      message: field === '' ? `The body ${what}.` : `${field} ${what}.`,
    })),
  });

export const invalidField = (field: string, what: string): ApiError => invalidRequest([{ field, what }]);

/** Seconds after which a caller whose quota is spent should try again. */
const QUOTA_RETRY_AFTER = 60;

export const tooManyUnknown = (): ApiError =>
  new ApiError(429, 'QUOTA_EXCEEDED', TOO_MANY_UNKNOWN, { retryAfter: QUOTA_RETRY_AFTER });

export const tooManyNew = (): ApiError =>
  new ApiError(429, 'QUOTA_EXCEEDED', TOO_MANY_NEW, { retryAfter: QUOTA_RETRY_AFTER });

const TOO_MANY_NEW = 'These are more new groups than your quota of the day leaves. Name fewer, or try again tomorrow.';
const TOO_MANY_UNKNOWN =
  'AnyCheck has not yet shown verifications of too many of the groups that you named. Try again in a minute, or tomorrow.';

/** A snapshot's page that is not there: its group was erased since, or something is broken. */
export class MissingPageError extends Error {
  constructor(row: string) {
    super(`page row ${row} of a snapshot is missing`);
    this.name = 'MissingPageError';
  }
}

/** Why AnyCheck could not be used. Recorded on the group and logged; never with anything AnyCheck sent. */
export type UpstreamReason =
  | 'NOT_FOUND'
  | 'NO_CREDENTIALS'
  | 'REFUSED'
  | 'REJECTED'
  | 'HELD_BACK'
  | 'THROTTLED'
  | 'UNAVAILABLE'
  | 'TIMED_OUT'
  /** One answer is more than memory takes. */
  | 'TOO_LARGE'
  | 'MALFORMED'
  | 'INCONSISTENT';

/** Those for which a look fails before AnyCheck is asked. */
export const NOT_ASKED: ReadonlySet<UpstreamReason> = new Set(['HELD_BACK', 'NO_CREDENTIALS']);

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
  /** Where it ended a collect: the page size to begin the next one with. */
  pageSize: number | undefined;

  constructor(reason: UpstreamReason, message: string, details: UpstreamDetails = {}) {
    super(message, { cause: details.cause });
    this.name = 'UpstreamError';
    this.reason = reason;
    this.retryAfter = details.retryAfter;
    this.fleetWide = details.fleetWide ?? false;
  }
}
