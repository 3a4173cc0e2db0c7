import { isThrottled, isUnauthorized, type UpstreamAnswer } from './answer.ts';
import { type Budget, RETRY_CREDENTIALS_MS } from './budget.ts';
import type { BudgetStore, Cleared } from './budget-store.ts';

/** The circuit opens after this many consecutive failures, where they span at least this many ms. */
const OPENING_FAILURES = 5;
const OPENING_SPAN_MS = 5_000;
/** ms between two probes of an open circuit. */
export const PROBE_INTERVAL_MS = 10_000;

export type UpstreamEvent = 'circuit opened' | 'circuit closed' | 'credentials refused' | 'rate limited';

export interface BreakerDeps {
  readonly store: BudgetStore;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly emit: (event: UpstreamEvent, seconds?: number) => void;
}

/** Stops all calls but a probe while AnyCheck keeps failing, and all calls with credentials that AnyCheck refuses. */
export interface CircuitBreaker {
  /**
   * Counts a failure: AnyCheck could not be reached, or reported a failure of its own.
   * @param group undefined for a login, which concerns all groups.
   * @returns whether the circuit is open.
   */
  failed(group: string | undefined): Promise<boolean>;
  /**
   * Clears the failures, refusals and refused credentials that an answer disproves.
   * @param budget the budget before this call was counted.
   */
  recovered(budget: Budget, answer: UpstreamAnswer): Promise<void>;
  /** Records that AnyCheck refuses these credentials: no call uses them until a trial is due. */
  refused(credentials: string, kind: keyof typeof RETRY_CREDENTIALS_MS): Promise<void>;
}

export function circuitBreaker({ store, now, emit }: BreakerDeps): CircuitBreaker {
  return {
    async failed(group) {
      const at = now();
      await store.countFailure();
      if (store.known.failingSince === 0) await store.startFailing(group, at);
      const isOthers = group === undefined || store.known.failingGroup !== group;
      if (isOthers && !store.known.failsOthers) await store.failOthers();
      if (store.known.probeAt !== undefined) return true;
      if (!isSustained(store.known, at)) return false;
      if (await store.openCircuit(at + PROBE_INTERVAL_MS)) emit('circuit opened');
      return true;
    },

    async recovered(budget, answer) {
      const isOpen = budget.probeAt !== undefined;
      // The caller must log in next, and the login itself may fail. So the circuit closes to admit
      // it, and the count stays.
      if (isUnauthorized(answer)) {
        if (isOpen) await store.clear(['circuit']);
        return;
      }
      const isAccepted = answer.ok && budget.refused !== undefined;
      const cleared: Cleared[] = [];
      if (budget.failures > 0 || isOpen) cleared.push('failures', 'circuit');
      if (budget.refusals > 0 && !isThrottled(answer)) cleared.push('refusals');
      if (isAccepted) cleared.push('credentials');
      if (cleared.length > 0) await store.clear(cleared);
      if (isOpen || isAccepted) emit('circuit closed');
    },

    async refused(credentials, kind) {
      const span = RETRY_CREDENTIALS_MS[kind];
      await store.refuseCredentials(credentials, now() + span, span);
      emit('credentials refused');
    },
  };
}

/** Whether consecutive failures last long enough and concern more than one group. */
export const isSustained = ({ failures, failingSince, failsOthers }: Budget, now: number): boolean =>
  failsOthers && failures >= OPENING_FAILURES && now - failingSince >= OPENING_SPAN_MS;
