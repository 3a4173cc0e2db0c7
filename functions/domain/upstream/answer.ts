/** The rate limit that AnyCheck announces in the headers of an answer. */
export interface Announced {
  /** Calls per window, where they are announced. */
  readonly limit?: number | undefined;
  /** Seconds of a window, where they are announced. */
  readonly window?: number | undefined;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
}

interface Limits {
  /** Where the answer says how many calls remain until when. */
  readonly announced: Announced | undefined;
}

/** An answer of AnyCheck, or of a proxy in its place, that holds nothing that was asked for. */
export interface ErrorAnswer extends Limits {
  readonly ok: false;
  readonly status: number;
  /** AnyCheck's `error_code`; undefined where the body does not have the shape of AnyCheck's errors. */
  readonly code: string | undefined;
  /** Seconds, over 0. */
  readonly retryAfter: number | undefined;
}

export type UpstreamAnswer = ({ readonly ok: true; readonly body: string } & Limits) | ErrorAnswer;

/** Whether AnyCheck refused the call because of its rate limit. */
export const isThrottled = (answer: UpstreamAnswer): boolean => !answer.ok && answer.status === 429;
