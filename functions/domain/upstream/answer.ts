/** The rate limit that AnyCheck announces in the headers of an answer. */
export interface Announced {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
}

interface Limits {
  /** Where the answer has all three of AnyCheck's `X-RateLimit-*`. */
  readonly announced: Announced | undefined;
}

/** An error response of AnyCheck. */
export interface ErrorAnswer extends Limits {
  readonly ok: false;
  readonly status: number;
  /** AnyCheck's `error_code`, where the body has one. */
  readonly code: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;
}

export type UpstreamAnswer = ({ readonly ok: true; readonly body: string } & Limits) | ErrorAnswer;

/** Whether AnyCheck refused the call because of its rate limit or a quota. */
export const isThrottled = (answer: UpstreamAnswer): boolean =>
  !answer.ok && (answer.status === 429 || answer.code === 'QUOTA_EXCEEDED');

/** Whether AnyCheck reports a failure of its own (5xx or 408). */
export const isDown = (answer: UpstreamAnswer): boolean =>
  !answer.ok && (answer.status >= 500 || answer.status === 408);

/** Whether AnyCheck demands other credentials or a new session. */
export const isUnauthorized = (answer: UpstreamAnswer): boolean => !answer.ok && answer.status === 401;
