/** Why a request about a group is refused. The runtime gives each code its HTTP status and AnyCheck's error code. */
export type RefusalCode =
  /** AnyCheck doesn't know the group, or it is not tracked. */
  | 'UNKNOWN_GROUP'
  | 'ERASED_GROUP'
  /** The group never had that version, or it was erased. */
  | 'UNKNOWN_VERSION'
  | 'EXPIRED_VERSION'
  | 'QUOTA_SPENT'
  /** AnyCheck can't be asked, and there is nothing to serve without it. */
  | 'UPSTREAM_UNAVAILABLE';

interface Details {
  /** Seconds after which the caller should try again. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** An expected outcome that is not the one asked for. Its message is sent to the caller as it is: nothing internal belongs in it. */
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
