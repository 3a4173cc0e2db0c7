/**
 * What this environment is busy with: Lambda gives it one event at a time. It is the `X-Request-Id` of the call that everything
 * began with, also where that reached this function through the queue; of what began by itself, the id of its own invocation.
 */
let current: string | undefined;

export const currentRequest = (): string | undefined => current;

/** Every event begins with this: its lines, and the messages that it sends, name the request. */
export const beginRequest = (request: string): void => {
  current = request;
};
