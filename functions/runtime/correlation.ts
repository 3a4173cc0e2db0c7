/**
 * The id of the request that this execution environment works on; Lambda sends it one event at a time. It is the
 * `X-Request-Id` of the API call that caused the work, also if a queue message carried it here. Without such a call it
 * is the invocation's id.
 */
let current: string | undefined;

export const currentRequest = (): string | undefined => current;

/** Sets the request id at the start of each event. Log lines and queue messages then carry it. */
export const beginRequest = (request: string): void => {
  current = request;
};
