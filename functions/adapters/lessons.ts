import {
  type Budget,
  heldBy,
  isSustained,
  learned,
  PROBE_EVERY,
  slowdownAfter,
  TRY_AGAIN,
  usedUp,
} from '../domain/budget.ts';
import type { Answer } from './anycheck-http.ts';
import type { BudgetRow } from './budget-row.ts';

export type GateEvent = 'circuit opened' | 'circuit closed' | 'credentials refused' | 'held back';

export interface LessonsDeps {
  readonly row: BudgetRow;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly tell: (event: GateEvent, seconds?: number) => void;
}

/** What the fleet learns from its calls; what costs a write happens only where there is something new. */
export interface Lessons {
  /**
   * @param isList whether the answer tells of the limit that the list has: other routes may have their own.
   * @returns whether everybody is held back by it.
   */
  answered(answer: Answer, isList: boolean): Promise<boolean>;
  /** AnyCheck couldn't be reached, or answered that it can't. @returns whether nobody is let through any more. */
  failed(): Promise<boolean>;
  refused(credentials: string): Promise<void>;
}

export function lessons({ row, now, tell }: LessonsDeps): Lessons {
  async function learn(answer: Answer, budget: Budget, isThrottled: boolean): Promise<void> {
    const at = now();
    const limit = answer.announced && learned(budget.limit, answer.announced, at);
    if (limit) {
      const { calls, window, since, reset } = limit;
      await row.write({
        set: { limit_calls: calls, limit_window: window, limit_since: since, limit_reset: reset },
        remove: reset === undefined ? ['limit_reset'] : [],
      });
    }
    const slowdown = slowdownAfter({ ...budget, limit: limit ?? budget.limit }, isThrottled, at);
    if (slowdown !== budget.slowdown) await row.write({ set: { slowdown, slowed_at: at } });
  }

  async function hold(until: number): Promise<boolean> {
    const at = now();
    if (until <= at) return false;
    const isLonger = await row.write({
      set: { held_until: until },
      when: 'attribute_not_exists(held_until) OR held_until < :until',
      values: { ':until': until },
    });
    if (isLonger) tell('held back', Math.ceil((until - at) / 1000));
    return true;
  }

  async function failed(): Promise<boolean> {
    const at = now();
    await row.write({ add: { failures: 1 } });
    if (row.known.failingSince === 0) {
      await row.write({ set: { failing_since: at }, when: 'attribute_not_exists(failing_since)' });
    }
    if (row.known.probeAt !== undefined) return true;
    if (!isSustained(row.known, at)) return false;
    const isOpened = await row.write({ set: { probe_at: at + PROBE_EVERY }, when: 'attribute_not_exists(probe_at)' });
    if (isOpened) tell('circuit opened');
    return true;
  }

  /** AnyCheck answers: what was counted against it is over, and against our credentials, where it let somebody in. */
  async function recovered(budget: Budget, isThrottled: boolean, isLetIn: boolean): Promise<void> {
    const isOpen = budget.probeAt !== undefined;
    const isTaken = isLetIn && budget.refused !== undefined;
    const over = [
      budget.failures > 0 || isOpen ? ['failures', 'failing_since', 'probe_at'] : [],
      budget.refusals > 0 && !isThrottled ? ['refusals'] : [],
      isTaken ? ['refused', 'refused_until'] : [],
    ].flat();
    if (over.length > 0) await row.write({ remove: over });
    if (isOpen || isTaken) tell('circuit closed');
  }

  return {
    async answered(answer, isList) {
      const budget = row.known;
      const isThrottled = !answer.ok && (answer.status === 429 || answer.code === 'QUOTA_EXCEEDED');
      const wait = answer.ok ? undefined : answer.retryAfter;
      if (isList) await learn(answer, budget, isThrottled);
      if (isThrottled) await row.write({ add: { refusals: 1 } });
      const until = Math.max(
        (answer.announced && usedUp(answer.announced, now())) ?? 0,
        isThrottled || wait !== undefined ? heldBy(budget, wait, now()) : 0,
      );
      const isHeld = await hold(until);
      const isDown = !answer.ok && (answer.status >= 500 || answer.status === 408);
      if (isDown) return (await failed()) || isHeld;
      await recovered(budget, isThrottled, answer.ok);
      return isHeld && !answer.ok;
    },

    failed,

    async refused(credentials) {
      await row.write({ set: { refused: credentials, refused_until: now() + TRY_AGAIN } });
      tell('credentials refused');
    },
  };
}
