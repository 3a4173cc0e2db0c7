import { type Answer, isThrottled, isUnauthorized } from './answer.ts';
import { type Budget, TRY_AGAIN } from './budget.ts';
import type { BudgetStore, Cleared } from './budget-store.ts';

/** Failures in a row, over ms, that open the circuit; ms between two probes of an open one. */
const OPENING_FAILURES = 5;
const OPENING_SPAN = 5_000;
export const PROBE_EVERY = 10_000;

export type GateEvent = 'circuit opened' | 'circuit closed' | 'credentials refused' | 'held back';

export interface BreakerDeps {
  readonly store: BudgetStore;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly tell: (event: GateEvent, seconds?: number) => void;
}

/** Stops all calls but a probe while AnyCheck keeps failing, and all calls with credentials that AnyCheck refuses. */
export interface CircuitBreaker {
  /**
   * Counts a failure: AnyCheck could not be reached, or answered that it cannot answer.
   * @param group undefined for a login, which concerns all groups.
   * @returns whether the circuit is open.
   */
  failed(group: string | undefined): Promise<boolean>;
  /**
   * Clears what an answer disproves: failures, refusals, refused credentials.
   * @param budget as it was before the call was counted.
   */
  recovered(budget: Budget, answer: Answer): Promise<void>;
  refused(credentials: string, kind: keyof typeof TRY_AGAIN): Promise<void>;
}

export function circuitBreaker({ store, now, tell }: BreakerDeps): CircuitBreaker {
  return {
    async failed(group) {
      const at = now();
      await store.countFailure();
      if (store.known.failingSince === 0) await store.startFailing(group, at);
      const isOthers = group === undefined || store.known.failingGroup !== group;
      if (isOthers && !store.known.failsOthers) await store.failOthers();
      if (store.known.probeAt !== undefined) return true;
      if (!isSustained(store.known, at)) return false;
      if (await store.openCircuit(at + PROBE_EVERY)) tell('circuit opened');
      return true;
    },

    async recovered(budget, answer) {
      const isOpen = budget.probeAt !== undefined;
      // A worker has to log in, and the login may be what fails: the circuit lets it through and keeps its count.
      if (isUnauthorized(answer)) {
        if (isOpen) await store.clear(['circuit']);
        return;
      }
      const isTaken = answer.ok && budget.refused !== undefined;
      const over: Cleared[] = [];
      if (budget.failures > 0 || isOpen) over.push('failures', 'circuit');
      if (budget.refusals > 0 && !isThrottled(answer)) over.push('refusals');
      if (isTaken) over.push('credentials');
      if (over.length > 0) await store.clear(over);
      if (isOpen || isTaken) tell('circuit closed');
    },

    async refused(credentials, kind) {
      const span = TRY_AGAIN[kind];
      await store.refuseCredentials(credentials, now() + span, span);
      tell('credentials refused');
    },
  };
}

/** Whether failures in a row are more than a moment's, and more than one group's. */
export const isSustained = ({ failures, failingSince, failsOthers }: Budget, now: number): boolean =>
  failsOthers && failures >= OPENING_FAILURES && now - failingSince >= OPENING_SPAN;
