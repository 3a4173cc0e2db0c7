/** The result of an invocation. `payload` is JSON. `message` is for the log and not for callers. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

/**
 * `threw`: the handler threw, and the worker continues. `crashed`: the worker exited. `timed-out`: the worker was
 * stopped. `event-too-large`, `result-too-large`: over MAX_PAYLOAD_BYTES. `stopped`: the local run is ending.
 */
type FailureReason = 'threw' | 'crashed' | 'timed-out' | 'event-too-large' | 'result-too-large' | 'stopped';

/**
 * The maximum JSON of an event or a result of a synchronous invocation: Lambda's 6 MB, exactly as in its error message.
 */
export const MAX_PAYLOAD_BYTES = 6_291_556;
