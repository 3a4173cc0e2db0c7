import middy from '@middy/core';
import type { Context } from 'aws-lambda';

/**
 * A middleware stack, as every function has one. It never answers ahead of the function's own timeout: an answer would let Lambda
 * freeze the run and thaw it minutes later, when leases and queue have long taken it for dead.
 */
export const lambda = <Event, Result, C extends Context = Context>() =>
  middy<Event, Result, Error, C>({ timeoutEarlyInMillis: 0 });
