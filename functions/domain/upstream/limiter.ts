import type { Answer } from './answer.ts';
import { circuitBreaker, PROBE_EVERY } from './breaker.ts';
import type { BudgetSettings, Lane, TRY_AGAIN } from './budget.ts';
import { UpstreamError } from './errors.ts';
import { type FeedbackDeps, rateLimitFeedback, type Verdict } from './feedback.ts';
import { isShut, type Turn, turnOf } from './slots.ts';

export interface GateDeps extends FeedbackDeps {
  readonly lane: Lane;
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
  readonly ask: () => Promise<Answer>;
}

/** The rate limiter that every call of the fleet to AnyCheck passes. It learns from each answer. */
export interface Gate {
  /**
   * @returns the answer, and what it means for all others.
   * @throws UpstreamError HELD_BACK or REFUSED without a call, also where the caller's time ends first; or the call's own.
   */
  pass(call: Call): Promise<{ readonly answer: Answer; readonly verdict: Verdict }>;
  /** AnyCheck refuses these credentials, and there are no others: all calls with them fail for a while. */
  refuse(credentials: string, kind: keyof typeof TRY_AGAIN): Promise<void>;
}

/** ms of waiting after which it is worth asking whether the turn still stands; ms that those who wait differ by. */
const LONG = 300;
const JITTER = 30;
/** ms that a call of which the caller grew tired must have taken to count as AnyCheck's failure. */
const SLOW = 3_000;

export function gate(deps: GateDeps): Gate {
  const { store, lane, settings, now, sleep, random, count } = deps;
  const breaker = circuitBreaker(deps);
  const learn = rateLimitFeedback(deps, breaker);
  let line: Promise<unknown> = Promise.resolve();
  let isFirst = true;

  /** Takes a turn. @returns when it comes, ms since the epoch; undefined where another caller was first. */
  async function take(turn: Exclude<Turn, { kind: 'closed' }>, credentials: string): Promise<number | undefined> {
    const at = now();
    if (turn.kind === 'probe') return (await store.takeProbe(at, at + PROBE_EVERY)) ? at : undefined;
    if (turn.kind === 'trial') return (await store.takeTrial(at, at + store.known.refusedFor)) ? at : undefined;
    const isTaken = await store.takeSlot(turn, credentials, at);
    return isTaken ? Math.max(at, store.known.taken[turn.of] - turn.interval) : undefined;
  }

  async function enter({ credentials, signal }: Call): Promise<void> {
    for (let isFresh = isFirst; ; isFresh = true) {
      if (isFresh) await store.read();
      isFirst = false;
      const turn = turnOf(store.known, { lane, credentials, now: now(), settings });
      if (turn.kind === 'closed') {
        if (!isFresh) continue;
        if (!turn.patient) throw closed(turn, now());
        await sleep(Math.max(0, turn.until - now()) + random() * JITTER, signal);
        continue;
      }
      const at = await take(turn, credentials);
      if (at === undefined) continue;
      const wait = at - now();
      if (wait > 0) await sleep(wait, signal);
      signal.throwIfAborted();
      if (wait < LONG || !isShut(await store.read(), now())) return;
    }
  }

  /** One after the other: the pages of one group don't compete for the row. */
  function inLine<T>(task: () => Promise<T>): Promise<T> {
    const turn = line.then(task);
    line = turn.catch(() => {});
    return turn;
  }

  return {
    async pass(call) {
      const { group, signal, ask } = call;
      await inLine(() => enter(call)).catch((cause: unknown) => {
        if (cause instanceof UpstreamError) throw cause;
        if (signal.aborted) {
          throw new UpstreamError('HELD_BACK', 'the turn to ask AnyCheck did not come in time', {
            cause,
            fleetWide: true,
          });
        }
        throw new UpstreamError('UNAVAILABLE', 'the AnyCheck budget could not be shared', { cause });
      });
      count('call');
      if (group === undefined) count('login');
      const begun = now();
      const answer = await ask().catch(async (error: unknown) => {
        if (!(error instanceof UpstreamError)) throw error;
        const isAnyCheck = !signal.aborted || now() - begun >= SLOW;
        const isFailure = error.reason === 'UNAVAILABLE' || (error.reason === 'TIMED_OUT' && isAnyCheck);
        if (!isFailure || !(await breaker.failed(group))) throw error;
        throw new UpstreamError(error.reason, error.message, { cause: error, fleetWide: true });
      });
      return { answer, verdict: await learn(answer, group) };
    },
    refuse: breaker.refused,
  };
}

function closed({ until, refused }: Extract<Turn, { kind: 'closed' }>, now: number): UpstreamError {
  const retryAfter = Math.max(1, Math.ceil((until - now) / 1000));
  return refused
    ? new UpstreamError('REFUSED', 'AnyCheck refuses the credentials', { fleetWide: true })
    : new UpstreamError('HELD_BACK', 'AnyCheck is not asked for now', { fleetWide: true, retryAfter });
}
