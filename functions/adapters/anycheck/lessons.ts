import {
  type Budget,
  heldBy,
  isSustained,
  learned,
  PROBE_EVERY,
  slowdownAfter,
  TRY_AGAIN,
  usedUp,
} from '../../domain/upstream/budget.ts';
import type { BudgetRow } from '../dynamodb/budget-row.ts';
import type { Answer } from './http.ts';

export type GateEvent = 'circuit opened' | 'circuit closed' | 'credentials refused' | 'held back';

/** What is counted: requests, those that open or renew a session among them, and those that were too many for AnyCheck. */
export type Counted = 'call' | 'login' | 'refusal';

export interface LessonsDeps {
  readonly row: BudgetRow;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly tell: (event: GateEvent, seconds?: number) => void;
  readonly count: (what: Counted) => void;
}

/** What an answer means for all others. */
export interface Verdict {
  /** Whether everybody is held back by it, not its group alone. */
  readonly fleetWide: boolean;
  /** Seconds, where AnyCheck says for how long. */
  readonly retryAfter: number | undefined;
}

/** What the fleet learns from its calls; what costs a write happens only where there is something new. */
export interface Lessons {
  /**
   * @param group whose list it is: only a list's answer tells of the list's limit, other routes may have their own.
   */
  answered(answer: Answer, group: string | undefined): Promise<Verdict>;
  /**
   * AnyCheck couldn't be reached, or answered that it can't.
   * @param group undefined for a login, which is everybody's.
   * @returns whether nobody is let through any more.
   */
  failed(group: string | undefined): Promise<boolean>;
  refused(credentials: string, kind: keyof typeof TRY_AGAIN): Promise<void>;
}

export function lessons({ row, now, tell, count }: LessonsDeps): Lessons {
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

  async function failed(group: string | undefined): Promise<boolean> {
    const at = now();
    await row.write({ add: { failures: 1 } });
    if (row.known.failingSince === 0) {
      await row.write({
        set: { failing_since: at, failing_group: group },
        when: 'attribute_not_exists(failing_since)',
      });
    }
    const isOthers = group === undefined || row.known.failingGroup !== group;
    if (isOthers && !row.known.failsOthers) await row.write({ set: { fails_others: 1 } });
    if (row.known.probeAt !== undefined) return true;
    if (!isSustained(row.known, at)) return false;
    const isOpened = await row.write({ set: { probe_at: at + PROBE_EVERY }, when: 'attribute_not_exists(probe_at)' });
    if (isOpened) tell('circuit opened');
    return true;
  }

  /** AnyCheck answers: what was counted against it is over, and against our credentials, where it let somebody in. */
  async function recovered(budget: Budget, answer: Answer, isThrottled: boolean): Promise<void> {
    const isOpen = budget.probeAt !== undefined;
    // Somebody has to log in, and that may be what fails: they are let through, and nothing is forgiven yet.
    if (!answer.ok && answer.status === 401) {
      if (isOpen) await row.write({ remove: ['probe_at'] });
      return;
    }
    const isTaken = answer.ok && budget.refused !== undefined;
    const over = [
      budget.failures > 0 || isOpen ? ['failures', 'failing_since', 'failing_group', 'fails_others', 'probe_at'] : [],
      budget.refusals > 0 && !isThrottled ? ['refusals'] : [],
      isTaken ? ['refused', 'refused_until', 'refused_for'] : [],
    ].flat();
    if (over.length > 0) await row.write({ remove: over });
    if (isOpen || isTaken) tell('circuit closed');
  }

  return {
    async answered(answer, group) {
      const budget = row.known;
      const isThrottled = !answer.ok && (answer.status === 429 || answer.code === 'QUOTA_EXCEEDED');
      const wait = answer.ok ? undefined : answer.retryAfter;
      if (group !== undefined) await learn(answer, budget, isThrottled);
      if (isThrottled) {
        count('refusal');
        await row.write({ add: { refusals: 1 } });
      }
      const reset = answer.announced && usedUp(answer.announced, now());
      const refusedUntil = isThrottled || wait !== undefined ? heldBy(budget, wait, now()) : 0;
      const isHeld = await hold(Math.max(reset ?? 0, refusedUntil));
      const retryAfter = wait ?? (reset && Math.ceil((reset - now()) / 1000));
      const isDown = !answer.ok && (answer.status >= 500 || answer.status === 408);
      if (isDown) return { fleetWide: (await failed(group)) || isHeld, retryAfter };
      await recovered(budget, answer, isThrottled);
      return { fleetWide: isHeld && !answer.ok, retryAfter };
    },

    failed,

    async refused(credentials, kind) {
      const span = TRY_AGAIN[kind];
      await row.write({ set: { refused: credentials, refused_until: now() + span, refused_for: span } });
      tell('credentials refused');
    },
  };
}
