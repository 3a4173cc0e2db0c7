import { type Answer, isDown, isThrottled } from './answer.ts';
import type { BreakerDeps, CircuitBreaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import { limitAfter, pauseAfterRefusal, slowdownAfter, usedUp } from './rate-limit.ts';

/** What is counted: requests, those that open or renew a session among them, and those that were too many for AnyCheck. */
export type Counted = 'call' | 'login' | 'refusal';

/** What an answer means for all others. */
export interface UpstreamImpact {
  /** Whether everybody is held back by it, not its group alone. */
  readonly fleetWide: boolean;
  /** Seconds, where AnyCheck says for how long. */
  readonly retryAfter: number | undefined;
}

export interface FeedbackDeps extends BreakerDeps {
  readonly count: (what: Counted) => void;
}

/**
 * Learns from an answer, and writes only what is new.
 * @param group whose list it is; undefined for a login, which tells nothing of the list's limit.
 */
export type Feedback = (answer: Answer, group: string | undefined) => Promise<UpstreamImpact>;

/** What AnyCheck's response headers and refusals teach the rate limiter. */
export function rateLimitFeedback({ store, now, emit: tell, count }: FeedbackDeps, breaker: CircuitBreaker): Feedback {
  async function updateLimit(answer: Answer, budget: Budget): Promise<void> {
    const at = now();
    const limit = answer.announced && limitAfter(budget.limit, answer.announced, at);
    if (limit) await store.setLimit(limit);
    const slowdown = slowdownAfter({ ...budget, limit: limit ?? budget.limit }, isThrottled(answer), at);
    if (slowdown !== budget.slowdown) await store.slowDown(slowdown, at);
  }

  async function pause(until: number): Promise<boolean> {
    const at = now();
    if (until <= at) return false;
    if (await store.pauseUntil(until)) tell('rate limited', Math.ceil((until - at) / 1000));
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
