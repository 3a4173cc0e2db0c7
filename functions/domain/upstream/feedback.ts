import { isDown, isThrottled, type UpstreamAnswer } from './answer.ts';
import type { BreakerDeps, CircuitBreaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import { limitAfter, pauseAfterRefusal, slowdownAfter, usedUp } from './rate-limit.ts';

/**
 * What is counted: every request, each request that opens or renews a session, and
 * each request that AnyCheck throttled.
 */
export type Counted = 'call' | 'login' | 'refusal';

/** The effect of an answer on all other calls. */
export interface UpstreamImpact {
  /** Whether it stops or pauses all calls, not only those of its group. */
  readonly fleetWide: boolean;
  /** Seconds until a retry, where AnyCheck announces them. */
  readonly retryAfter: number | undefined;
}

export interface FeedbackDeps extends BreakerDeps {
  readonly count: (what: Counted) => void;
}

/**
 * Updates the shared budget from an answer. It writes only what changed.
 * @param group the group that was listed; undefined for a login, whose headers do not describe the limit of listings.
 */
export type Feedback = (answer: UpstreamAnswer, group: string | undefined) => Promise<UpstreamImpact>;

/** Creates the function that feeds AnyCheck's response headers and refusals back into the rate limiter. */
export function rateLimitFeedback({ store, now, emit, count }: FeedbackDeps, breaker: CircuitBreaker): Feedback {
  async function updateLimit(answer: UpstreamAnswer, budget: Budget): Promise<void> {
    const at = now();
    const limit = answer.announced && limitAfter(budget.limit, answer.announced, at);
    if (limit) await store.setLimit(limit);
    const slowdown = slowdownAfter({ ...budget, limit: limit ?? budget.limit }, isThrottled(answer), at);
    if (slowdown !== budget.slowdown) await store.slowDown(slowdown, at);
  }

  async function pause(until: number): Promise<boolean> {
    const at = now();
    if (until <= at) return false;
    if (await store.pauseUntil(until)) emit('rate limited', Math.ceil((until - at) / 1000));
    return true;
  }

  return async (answer, group) => {
    const budget = store.known;
    const wait = answer.ok ? undefined : answer.retryAfter;
    if (group !== undefined) await updateLimit(answer, budget);
    if (isThrottled(answer)) {
      count('refusal');
      await store.countRefusal();
    }
    const reset = answer.announced && usedUp(answer.announced, now());
    const refusedUntil = isThrottled(answer) || wait !== undefined ? pauseAfterRefusal(budget, wait, now()) : 0;
    const isPaused = await pause(Math.max(reset ?? 0, refusedUntil));
    const retryAfter = wait ?? (reset && Math.ceil((reset - now()) / 1000));
    if (isDown(answer)) return { fleetWide: (await breaker.failed(group)) || isPaused, retryAfter };
    await breaker.recovered(budget, answer);
    return { fleetWide: isPaused && !answer.ok, retryAfter };
  };
}
