import { Refusal, type RefusalCode } from '../../domain/refusal.ts';

/** The error codes of AnyCheck that this service returns; see the error section of AnyCheck's reference. */
export const ERROR_CODES = [
  'INVALID_REQUEST',
  'INVALID_ID',
  'INVALID_CREDENTIALS',
  'INVALID_TOKEN',
  'INVALID_API_KEY',
  'API_KEY_EXPIRED',
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

/** An error answer. The caller receives its message as it is, so it must say nothing internal. */
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

/** The HTTP status and AnyCheck's error code of each refusal. */
const REFUSALS: Readonly<Record<RefusalCode, readonly [status: number, code: ErrorCode]>> = {
  UNKNOWN_GROUP: [404, 'NOT_FOUND'],
  ERASED_GROUP: [404, 'NOT_FOUND'],
  UNKNOWN_VERSION: [404, 'NOT_FOUND'],
  EXPIRED_VERSION: [410, 'NOT_FOUND'],
  QUOTA_SPENT: [429, 'QUOTA_EXCEEDED'],
  UNKNOWN_ENDPOINT: [404, 'NOT_FOUND'],
  TOO_MANY_ENDPOINTS: [400, 'INVALID_REQUEST'],
  // AnyCheck has no code for a request that its target's state forbids.
  DISABLED_ENDPOINT: [409, 'INVALID_REQUEST'],
  UNKNOWN_DELIVERY: [404, 'NOT_FOUND'],
  ERASED_EVENT: [410, 'NOT_FOUND'],
  UNKNOWN_KEY: [404, 'NOT_FOUND'],
  TOO_MANY_KEYS: [400, 'INVALID_REQUEST'],
  CONCURRENT_CHANGES: [503, 'INTERNAL_SERVER_ERROR'],
  UPSTREAM_UNAVAILABLE: [503, 'INTERNAL_SERVER_ERROR'],
};

/** The ApiError that a caller receives for an expected outcome; undefined for any other error. */
export function apiErrorOf(error: unknown): ApiError | undefined {
  if (!(error instanceof Refusal)) return error instanceof ApiError ? error : undefined;
  const { retryAfter, cause } = error;
  const details = { cause, ...(retryAfter !== undefined && { retryAfter }) };
  return new ApiError(...REFUSALS[error.code], error.message, details);
}

/** One invalid field. */
export interface Fault {
  readonly field: string;
  /** The predicate of the sentence whose subject is the field, without a full stop. More sentences can follow. */
  readonly what: string;
  /** Whether it is a malformed id, for which AnyCheck has its own code. */
  readonly isId?: boolean;
}

export const invalidRequest = (faults: readonly Fault[]): ApiError =>
  new ApiError(400, faults.every(({ isId }) => isId) ? 'INVALID_ID' : 'INVALID_REQUEST', 'The request is not valid.', {
    errors: faults.map(({ field, what }) => ({
      field,
      message: `${field === '' ? 'The body' : field} ${what}${what.endsWith('?') ? '' : '.'}`,
    })),
  });

export const invalidField = (field: string, what: string): ApiError => invalidRequest([{ field, what }]);
