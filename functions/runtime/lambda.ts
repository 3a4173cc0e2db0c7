import middy from '@middy/core';
import type { Context } from 'aws-lambda';

/**
 * The base of every function's middleware stack. It does not answer before the function's own timeout. After an early
 * answer, Lambda would freeze the run and resume it minutes later, when its lease and its message have expired.
 */
export const lambda = <Event, Result, C extends Context = Context>() =>
  middy<Event, Result, Error, C>({ timeoutEarlyInMillis: 0 });
