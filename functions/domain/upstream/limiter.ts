import type { UpstreamAnswer } from './answer.ts';
import { circuitBreaker, PROBE_INTERVAL_MS } from './breaker.ts';
import type { BudgetSettings, Priority, RETRY_CREDENTIALS_MS } from './budget.ts';
import { UpstreamError } from './errors.ts';
import { type FeedbackDeps, rateLimitFeedback, type UpstreamImpact } from './feedback.ts';
import { decideSlot, isShut, type SlotDecision } from './slots.ts';

export interface RateLimiterDeps extends FeedbackDeps {
  readonly priority: Priority;
  readonly settings: BudgetSettings;
  /** Waits `ms`. It throws where the signal aborts first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Returns a number from 0 up to 1, like `Math.random`. */
  readonly random: () => number;
}

interface LimitedCall {
  /** The version of the credentials that the call uses. */
  readonly credentials: string;
  /** The group that the call lists; undefined for a login. */
  readonly group?: string;
  readonly signal: AbortSignal;
  readonly send: () => Promise<UpstreamAnswer>;
}

/**
 * The rate limiter of all calls to AnyCheck. Every call of the fleet acquires a slot here, and
 * each answer adjusts the limits.
 */
export interface RateLimiter {
  /**
   * Acquires a slot and makes the call.
   * @returns the answer, and its effect on all other calls.
   * @throws UpstreamError without a call: RATE_LIMITED, also where the call's signal aborts first; REFUSED; UNAVAILABLE
   * where the shared budget could not be read or written. Else the error of the call itself.
   */
  call(call: LimitedCall): Promise<{ readonly answer: UpstreamAnswer; readonly verdict: UpstreamImpact }>;
  /**
   * Records that AnyCheck refuses these credentials and that there are no others. Calls with them fail
   * until a trial is due.
   */
  refuse(credentials: string, kind: keyof typeof RETRY_CREDENTIALS_MS): Promise<void>;
}

/** ms of waiting after which the limiter checks again whether calls were stopped in the meantime. */
const RECHECK_AFTER_MS = 300;
/** ms: the largest random delay that keeps waiting callers from waking at the same time. */
const JITTER_MS = 30;
/** ms after which a call that its caller aborted counts as a failure of AnyCheck. */
const SLOW_CALL_MS = 3_000;

export function rateLimiter(deps: RateLimiterDeps): RateLimiter {
  const { store, priority, settings, now, sleep, random, count } = deps;
  const breaker = circuitBreaker(deps);
  const updateLimits = rateLimitFeedback(deps, breaker);
  let queue: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /**
   * Acquires what was decided.
   * @returns when the call may begin, ms since the epoch; undefined where another caller was first.
   */
  async function acquire(
    decision: Exclude<SlotDecision, { kind: 'closed' }>,
    credentials: string,
  ): Promise<number | undefined> {
    const at = now();
    if (decision.kind === 'probe') return (await store.acquireProbe(at, at + PROBE_INTERVAL_MS)) ? at : undefined;
    if (decision.kind === 'trial') return (await store.acquireTrial(at, at + store.known.refusedFor)) ? at : undefined;
    const isAcquired = await store.acquireSlot(decision, credentials, at);
    return isAcquired ? Math.max(at, store.known.takenUntil[decision.of] - decision.interval) : undefined;
  }

  async function acquireSlot({ credentials, signal }: LimitedCall): Promise<void> {
    for (let isFresh = isFirst; ; isFresh = true) {
      if (isFresh) await store.read();
      isFirst = false;
      const decision = decideSlot(store.known, { priority, credentials, now: now(), settings });
      if (decision.kind === 'closed') {
        if (!isFresh) continue;
        if (!decision.isWorthWaiting) throw closed(decision, now());
        await sleep(Math.max(0, decision.until - now()) + random() * JITTER_MS, signal);
        continue;
      }
      const at = await acquire(decision, credentials);
      if (at === undefined) continue;
      const wait = at - now();
      if (wait > 0) await sleep(wait, signal);
      signal.throwIfAborted();
      if (wait < RECHECK_AFTER_MS || !isShut(await store.read(), now())) return;
    }
  }

  /** Runs tasks one after the other, so that the pages of one group do not compete for the budget row. */
  function queued<T>(task: () => Promise<T>): Promise<T> {
    const result = queue.then(task);
    queue = result.catch(() => {});
    return result;
  }

  return {
    async call(call) {
      const { group, signal, send } = call;
      await queued(() => acquireSlot(call)).catch((cause: unknown) => {
        if (cause instanceof UpstreamError) throw cause;
        if (signal.aborted) {
          throw new UpstreamError('RATE_LIMITED', 'no slot for the AnyCheck call became free in time', {
            cause,
            fleetWide: true,
          });
        }
        throw new UpstreamError('UNAVAILABLE', 'the shared AnyCheck budget could not be read or written', { cause });
      });
      count('call');
      if (group === undefined) count('login');
      const begun = now();
      const answer = await send().catch(async (error: unknown) => {
        if (!(error instanceof UpstreamError)) throw error;
        const isAnyCheck = !signal.aborted || now() - begun >= SLOW_CALL_MS;
        const isFailure = error.reason === 'UNAVAILABLE' || (error.reason === 'TIMED_OUT' && isAnyCheck);
        if (!isFailure || !(await breaker.failed(group))) throw error;
        throw new UpstreamError(error.reason, error.message, { cause: error, fleetWide: true });
      });
      return { answer, verdict: await updateLimits(answer, group) };
    },
    refuse: breaker.refused,
  };
}

function closed({ until, refused }: Extract<SlotDecision, { kind: 'closed' }>, now: number): UpstreamError {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  return refused
    ? new UpstreamError('REFUSED', 'AnyCheck refuses the credentials', { fleetWide: true })
    : new UpstreamError('RATE_LIMITED', 'calls to AnyCheck are paused', { fleetWide: true, retryAfter });
}
