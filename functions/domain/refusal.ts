/** Why a request is refused. The runtime gives each code its HTTP status and AnyCheck's error code. */
export type RefusalCode =
  /** AnyCheck has no such group, or the group is not tracked. */
  | 'UNKNOWN_GROUP'
  | 'ERASED_GROUP'
  /** The group never had that version, or it was erased. */
  | 'UNKNOWN_VERSION'
  | 'EXPIRED_VERSION'
  | 'QUOTA_SPENT'
  | 'UNKNOWN_ENDPOINT'
  | 'TOO_MANY_ENDPOINTS'
  /** The webhook endpoint is disabled, so nothing can be delivered to it. */
  | 'DISABLED_ENDPOINT'
  | 'UNKNOWN_DELIVERY'
  /** The group of the delivery was erased, and its events with it. */
  | 'ERASED_EVENT'
  | 'UNKNOWN_KEY'
  | 'TOO_MANY_KEYS'
  /** Other calls changed the same record each time that this one tried to. */
  | 'CONCURRENT_CHANGES'
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

export const concurrentChanges = (): Refusal =>
  new Refusal('CONCURRENT_CHANGES', 'Other calls changed this at the same time. Try again.', { retryAfter: 1 });

/** @param ms until a call can succeed. */
export const tooSoon = (message: string, ms: number): Refusal =>
  new Refusal('QUOTA_SPENT', message, { retryAfter: Math.max(1, Math.ceil(ms / 1000)) });
