/** Why a request about a group is refused. The runtime gives each code its HTTP status and AnyCheck's error code. */
export type RefusalCode =
  /** AnyCheck has no such group, or the group is not tracked. */
  | 'UNKNOWN_GROUP'
  | 'ERASED_GROUP'
  /** The group never had that version, or it was erased. */
  | 'UNKNOWN_VERSION'
  | 'EXPIRED_VERSION'
  | 'QUOTA_SPENT'
  /** AnyCheck gives no answer, and no snapshot is stored that could be served instead. */
  | 'UPSTREAM_UNAVAILABLE';

interface Details {
  /** Seconds after which the caller should try again. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/**
 * An expected outcome other than success. The caller receives the message unchanged, so
 * it must contain nothing internal.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly retryAfter: number | undefined;

  constructor(code: RefusalCode, message: string, { retryAfter, cause }: Details = {}) {
    super(message, { cause });
    this.name = 'Refusal';
    this.code = code;
    this.retryAfter = retryAfter;
  }
}
