import type { Answer } from './answer.ts';
import { circuitBreaker, PROBE_INTERVAL_MS } from './breaker.ts';
import type { BudgetSettings, Priority, RETRY_CREDENTIALS_MS } from './budget.ts';
import { UpstreamError } from './errors.ts';
import { type FeedbackDeps, rateLimitFeedback, type UpstreamImpact } from './feedback.ts';
import { decideSlot, isShut, type SlotDecision } from './slots.ts';

export interface RateLimiterDeps extends FeedbackDeps {
  readonly priority: Priority;
  readonly settings: BudgetSettings;
  /** Waits for so many ms, and throws where the signal ends it first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

interface Call {
  /** The version of the credentials that it is made with. */
  readonly credentials: string;
  /** Whose list is asked for; undefined for a login. */
  readonly group?: string;
  readonly signal: AbortSignal;
  readonly send: () => Promise<Answer>;
}

/** The rate limiter that every call of the fleet to AnyCheck passes. It learns from each answer. */
export interface RateLimiter {
  /**
   * @returns the answer, and what it means for all others.
   * @throws UpstreamError RATE_LIMITED or REFUSED without a call, also where the caller's time ends first; or the call's own.
   */
  call(call: Call): Promise<{ readonly answer: Answer; readonly verdict: UpstreamImpact }>;
  /** AnyCheck refuses these credentials, and there are no others: all calls with them fail for a while. */
  refuse(credentials: string, kind: keyof typeof RETRY_CREDENTIALS_MS): Promise<void>;
}

/** ms of waiting after which it is worth asking whether the turn still stands; ms that those who wait differ by. */
const RECHECK_AFTER_MS = 300;
const JITTER_MS = 30;
/** ms that a call of which the caller grew tired must have taken to count as AnyCheck's failure. */
const SLOW_CALL_MS = 3_000;

export function rateLimiter(deps: RateLimiterDeps): RateLimiter {
  const { store, priority, settings, now, sleep, random, count } = deps;
  const breaker = circuitBreaker(deps);
  const updateLimits = rateLimitFeedback(deps, breaker);
  let queue: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /** Takes a turn. @returns when it comes, ms since the epoch; undefined where another caller was first. */
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

  async function acquireSlot({ credentials, signal }: Call): Promise<void> {
    for (let isFresh = isFirst; ; isFresh = true) {
      if (isFresh) await store.read();
      isFirst = false;
      const turn = decideSlot(store.known, { priority, credentials, now: now(), settings });
      if (turn.kind === 'closed') {
        if (!isFresh) continue;
        if (!turn.isWorthWaiting) throw closed(turn, now());
        await sleep(Math.max(0, turn.until - now()) + random() * JITTER_MS, signal);
        continue;
      }
      const at = await acquire(turn, credentials);
      if (at === undefined) continue;
      const wait = at - now();
      if (wait > 0) await sleep(wait, signal);
      signal.throwIfAborted();
      if (wait < RECHECK_AFTER_MS || !isShut(await store.read(), now())) return;
    }
  }

  /** One after the other: the pages of one group don't compete for the row. */
  function queued<T>(task: () => Promise<T>): Promise<T> {
    const turn = queue.then(task);
    queue = turn.catch(() => {});
    return turn;
  }

  return {
    async call(call) {
      const { group, signal, send } = call;
      await queued(() => acquireSlot(call)).catch((cause: unknown) => {
        if (cause instanceof UpstreamError) throw cause;
        if (signal.aborted) {
          throw new UpstreamError('RATE_LIMITED', 'the turn to ask AnyCheck did not come in time', {
            cause,
            fleetWide: true,
          });
        }
        throw new UpstreamError('UNAVAILABLE', 'the AnyCheck budget could not be shared', { cause });
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
    : new UpstreamError('RATE_LIMITED', 'AnyCheck is not asked for now', { fleetWide: true, retryAfter });
}
