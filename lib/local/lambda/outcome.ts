/** How an invocation ended. `payload` is JSON; `message` is for the log, never for a caller. */
export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly reason: FailureReason; readonly message: string };

/**
 * `threw`: the handler failed and the worker lives on. `crashed`: the worker is gone. `timed-out`: it was stopped.
 * `event-too-large`, `result-too-large`: beyond what Lambda carries. `stopped`: the local run is ending.
 */
type FailureReason = 'threw' | 'crashed' | 'timed-out' | 'event-too-large' | 'result-too-large' | 'stopped';

/** Bytes of JSON that a synchronous invocation carries either way (Lambda's 6 MB, to the byte that its error names). */
export const MAX_PAYLOAD_BYTES = 6_291_556;
