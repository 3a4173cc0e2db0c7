import type { ErrorAnswer, UpstreamAnswer } from './answer.ts';
import {
  type Assessment,
  assessAnswer,
  assessError,
  isUnauthorized,
  refusedBy,
  SUCCESS,
  type UpstreamImpact,
} from './assessment.ts';
import { circuitBreaker, PROBE_INTERVAL_MS } from './breaker.ts';
import type { BudgetSettings, Priority, RETRY_CREDENTIALS_MS } from './budget.ts';
import { UpstreamError } from './errors.ts';
import { type FeedbackDeps, rateLimitFeedback } from './feedback.ts';
import { decideSlot, isShut, type SlotDecision } from './slots.ts';

export interface RateLimiterDeps extends FeedbackDeps {
  readonly priority: Priority;
  readonly settings: BudgetSettings;
  /** Waits `ms`. It throws where the signal aborts first. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Returns a number from 0 up to 1, like `Math.random`. */
  readonly random: () => number;
}

/**
 * The permission of an attempt to probe AnyCheck. A login and the list after it are one probe. Each attempt begins with one
 * of its own.
 */
export interface ProbePermit {
  /** ms since the epoch: until then, the attempt's calls need no further permission. */
  until: number;
}

interface LimitedCall<T> {
  /** The version of the credentials that the call uses. */
  readonly credentials: string;
  /** The group that the call lists; undefined for a login. */
  readonly group?: string;
  readonly permit?: ProbePermit;
  /**
   * The access that the call uses. A session can be renewed where AnyCheck refuses its token. A new session, of which no
   * token was accepted yet, counts as a failed login then. Undefined: a key, or none.
   */
  readonly session?: 'accepted' | 'new' | undefined;
  readonly signal: AbortSignal;
  readonly send: () => Promise<UpstreamAnswer>;
  /** Reads the body of an answer. @throws UpstreamError MALFORMED. */
  readonly read: (body: string) => T;
}

type CallResult<T> =
  | { readonly kind: 'done'; readonly value: T }
  | {
      readonly kind: 'refused';
      readonly answer: ErrorAnswer;
      readonly impact: UpstreamImpact;
      readonly error: UpstreamError;
    };

/**
 * The rate limiter of all calls to AnyCheck. Every call of the fleet acquires a slot here, and
 * each answer adjusts the limits.
 */
export interface RateLimiter {
  /**
   * Acquires a slot and makes the call.
   * @returns what was read of the answer, or AnyCheck's refusal.
   * @throws UpstreamError without a call: RATE_LIMITED, also where the call's signal aborts first; REFUSED; UNAVAILABLE
   * where the shared budget could not be read or written. Else the error of the call itself, or of reading its answer.
   */
  call<T>(call: LimitedCall<T>): Promise<CallResult<T>>;
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
/** ms after which AnyCheck is at fault for a call that its caller's deadline ended. Before that, it shows nothing. */
const SLOW_CALL_MS = 3_000;

export function rateLimiter(deps: RateLimiterDeps): RateLimiter {
  const { store, priority, settings, now, sleep, random, count } = deps;
  const breaker = circuitBreaker(deps);
  const feedback = rateLimitFeedback(deps, breaker);
  let queue: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /**
   * Acquires what was decided. A probe or a trial is a permit for the further calls of its attempt.
   * @returns when the call may begin, ms since the epoch; undefined where another caller was first.
   */
  async function acquire(
    decision: Exclude<SlotDecision, { kind: 'closed' }>,
    credentials: string,
    permit: ProbePermit | undefined,
  ): Promise<number | undefined> {
    const at = now();
    if (decision.kind === 'slot') {
      const isAcquired = await store.acquireSlot(decision, credentials, at);
      return isAcquired ? Math.max(at, store.known.takenUntil[decision.of] - decision.interval) : undefined;
    }
    const isAcquired =
      decision.kind === 'probe'
        ? await store.acquireProbe(at, at + PROBE_INTERVAL_MS)
        : await store.acquireTrial(at, at + store.known.refusedFor);
    if (isAcquired && permit) permit.until = at + PROBE_INTERVAL_MS;
    return isAcquired ? at : undefined;
  }

  async function acquireSlot({ credentials, signal, permit }: LimitedCall<unknown>): Promise<void> {
    for (let isFresh = isFirst; ; isFresh = true) {
      if (isFresh) await store.read();
      isFirst = false;
      if (permit && permit.until > now() && store.known.pausedUntil <= now()) return;
      const decision = decideSlot(store.known, { priority, credentials, now: now(), settings });
      if (decision.kind === 'closed') {
        if (!isFresh) continue;
        if (!decision.isWorthWaiting) throw closed(decision, now());
        await sleep(Math.max(0, decision.until - now()) + random() * JITTER_MS, signal);
        continue;
      }
      // Slots that other instances took since then can leave nothing unused.
      if (decision.kind === 'slot' && decision.isEarly && !decision.isBurst && !isFresh) continue;
      const at = await acquire(decision, credentials, permit);
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

  /** Sends the call and reads its answer. Where and whose fault the end is, is decided here for every call. */
  async function end<T>({ group, session, signal, send, read }: LimitedCall<T>): Promise<CallResult<T>> {
    const begun = now();
    let answer: UpstreamAnswer | undefined;
    const report = (assessment: Assessment) => {
      const isFailedLogin = session === 'new' && answer && !answer.ok && isUnauthorized(answer);
      return feedback({ group, failing: isFailedLogin ? undefined : group, answer, assessment });
    };
    try {
      answer = await send();
      if (!answer.ok) {
        const assessment = assessAnswer(answer, session === 'accepted');
        const impact = await report(assessment);
        return { kind: 'refused', answer, impact, error: refusedBy(answer, assessment, impact) };
      }
      const value = read(answer.body);
      await report(SUCCESS);
      return { kind: 'done', value };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const { fleetWide, retryAfter } = await report(
        assessError(error, signal.aborted && now() - begun < SLOW_CALL_MS),
      );
      if (!fleetWide) throw error;
      throw new UpstreamError(error.reason, error.message, { cause: error, fleetWide, retryAfter });
    }
  }

  return {
    async call(call) {
      const { group, signal } = call;
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
      return end(call);
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
