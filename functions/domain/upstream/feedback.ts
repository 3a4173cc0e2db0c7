import { isThrottled, type UpstreamAnswer } from './answer.ts';
import type { Assessment, UpstreamImpact } from './assessment.ts';
import type { BreakerDeps, CircuitBreaker } from './breaker.ts';
import type { Budget } from './budget.ts';
import { limitAfter, MAX_PAUSE_MS, pauseAfterAnswer, slowdownAfter, usedUp } from './rate-limit.ts';

/**
 * What is counted: every request, each request that opens or renews a session, and
 * each request that AnyCheck throttled.
 */
export type Counted = 'call' | 'login' | 'refusal';

export interface FeedbackDeps extends BreakerDeps {
  readonly count: (what: Counted) => void;
}

/** The end of a call. */
interface EndedCall {
  /** The group that was listed; undefined for a login, whose headers do not describe the limit of listings. */
  readonly group: string | undefined;
  /** The group that a failure is counted for; undefined where it concerns all groups. */
  readonly failing: string | undefined;
  /** Undefined where no answer came. */
  readonly answer: UpstreamAnswer | undefined;
  readonly assessment: Assessment;
}

/** Updates the shared budget from the end of a call. It writes only what changed. */
export type Feedback = (call: EndedCall) => Promise<UpstreamImpact>;

/** Creates the function that feeds the ends of calls back into the rate limiter and the circuit breaker. */
export function rateLimitFeedback({ store, now, emit, count }: FeedbackDeps, breaker: CircuitBreaker): Feedback {
  async function updateLimit(answer: UpstreamAnswer, budget: Budget): Promise<void> {
    const at = now();
    const limit = answer.announced && limitAfter(budget.limit, answer.announced, at);
    if (limit) await store.setLimit(limit);
    const slowdown = slowdownAfter({ ...budget, limit: limit ?? budget.limit }, isThrottled(answer), at);
    if (slowdown !== budget.slowdown) await store.slowDown(slowdown, at);
  }

  async function pause(announced: number): Promise<boolean> {
    const at = now();
    const until = Math.min(announced, at + MAX_PAUSE_MS);
    if (until <= at) return false;
    if (await store.pauseUntil(until)) emit('rate limited', { seconds: Math.ceil((until - at) / 1000) });
    return true;
  }

  return async ({ group, failing, answer, assessment }) => {
    const budget = store.known;
    const wait = answer && !answer.ok ? answer.retryAfter : undefined;
    if (answer && group !== undefined) await updateLimit(answer, budget);
    if (answer && isThrottled(answer)) {
      count('refusal');
      await store.countRefusal();
    }
    const reset = answer?.announced && usedUp(answer.announced, now());
    const refusedUntil = answer ? pauseAfterAnswer(budget, answer, now()) : 0;
    const isPaused = await pause(Math.max(reset ?? 0, refusedUntil));
    const retryAfter = wait ?? (reset && Math.ceil((reset - now()) / 1000));
    const isOpen = assessment.verdict === 'unusable' && (await breaker.failed(failing, assessment));
    if (answer && assessment.verdict === 'usable') await breaker.recovered(budget, answer, group === undefined);
    return { fleetWide: isOpen || (isPaused && assessment.reason !== undefined), retryAfter };
  };
}
