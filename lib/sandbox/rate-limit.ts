import { ApiError } from './api-error.ts';
import type { Limits } from './state.ts';

export interface RateLimiter {
  /** Counts one call. It returns the headers to announce, and a refusal once the window's limit is reached. */
  acquire(limits: Limits, now: number): { headers: Record<string, string>; refusal?: ApiError };
}

/**
 * A fixed window for the whole organisation. Setting the limit resets its count. The header names are AnyCheck's.
 * AnyCheck has not published its limits and its kind of window.
 */
export function createRateLimiter(): RateLimiter {
  let current: Limits | undefined;
  let windowStart = 0;
  let used = 0;
  return {
    acquire(limits, now) {
      const { limit, windowSeconds, announce } = limits;
      if (limit === null) return { headers: {} };
      const start = Math.floor(now / 1000 / windowSeconds) * windowSeconds;
      if (start !== windowStart || limits !== current) [current, windowStart, used] = [limits, start, 0];
      const refused = used >= limit;
      if (!refused) used++;
      const reset = start + windowSeconds;
      const announced: Record<string, string> = announce
        ? {
            'x-ratelimit-limit': `${limit}`,
            'x-ratelimit-remaining': `${limit - used}`,
            'x-ratelimit-reset': `${reset}`,
          }
        : {};
      if (!refused) return { headers: announced };
      const retryAfter = Math.max(1, Math.ceil(reset - now / 1000));
      return {
        headers: { ...announced, 'retry-after': `${retryAfter}` },
        refusal: new ApiError(429, 'QUOTA_EXCEEDED', 'too many requests'),
      };
    },
  };
}
