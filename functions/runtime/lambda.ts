import middy from '@middy/core';

/**
 * The middleware stack of every function. It never answers ahead of the function's own timeout: an answer would let Lambda
 * freeze the run and thaw it minutes later, when leases and queue have long taken it for dead.
 */
export const lambda = <Event, Result>() => middy<Event, Result>({ timeoutEarlyInMillis: 0 });
