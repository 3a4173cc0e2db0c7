import type { UpstreamAnswer } from './answer.ts';
import { isThrottled } from './answer.ts';
import type { Assessment } from './assessment.ts';
import { type Budget, LOGIN, RETRY_CREDENTIALS_MS } from './budget.ts';
import type { BudgetStore, Cleared } from './budget-store.ts';
import type { UpstreamReason } from './errors.ts';

/** The circuit opens after this many consecutive failures, where they span at least this many ms. */
const OPENING_FAILURES = 5;
const OPENING_SPAN_MS = 5_000;
/** A failed login concerns all groups, and the fleet attempts one in 10 s at most. */
const OPENING_LOGINS = 2;
/**
 * The different groups that such failures must concern. What may be the fault of one group needs more of them, so that a
 * few malformed groups do not stop the calls of their neighbours.
 */
const OPENING_GROUPS = { nobody: 4, group: 4, account: 2, fleet: 2 } as const satisfies Record<
  Assessment['fault'],
  number
>;
/** ms between two probes of an open circuit. */
export const PROBE_INTERVAL_MS = 10_000;

export type UpstreamEvent = 'circuit opened' | 'circuit closed' | 'credentials refused' | 'rate limited';

export interface EventDetails {
  /** For which all calls wait. */
  readonly seconds?: number;
  /** The reason of the last failure. */
  readonly reason?: UpstreamReason;
}

export interface BreakerDeps {
  readonly store: BudgetStore;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly emit: (event: UpstreamEvent, details?: EventDetails) => void;
}

/** Stops all calls but a probe while AnyCheck sends nothing usable, and all calls with credentials that it refuses. */
export interface CircuitBreaker {
  /**
   * Counts a call that got nothing usable.
   * @param group undefined for a login, which concerns all groups.
   * @returns whether the circuit is open.
   */
  failed(group: string | undefined, assessment: Assessment): Promise<boolean>;
  /**
   * Clears the failures, refusals and refused credentials that an answer disproves.
   * @param budget the budget before this call was counted.
   * @param isLogin whether it answers a login: only a list shows that AnyCheck accepts the new session.
   */
  recovered(budget: Budget, answer: UpstreamAnswer, isLogin: boolean): Promise<void>;
  /** Records that AnyCheck refuses these credentials: no call uses them until a trial is due. */
  refused(credentials: string, kind: keyof typeof RETRY_CREDENTIALS_MS): Promise<void>;
}

export function circuitBreaker({ store, now, emit }: BreakerDeps): CircuitBreaker {
  return {
    async failed(group = LOGIN, { fault, reason = 'UNAVAILABLE' }) {
      const at = now();
      const { failingGroups } = store.known;
      // A few groups are enough to decide, so the row stays small.
      const isRecorded = failingGroups.has(group) || (group !== LOGIN && failingGroups.size >= OPENING_GROUPS.group);
      await store.countFailure({ group: isRecorded ? undefined : group, reason, now: at });
      if (store.known.probeAt !== undefined) return true;
      if (!isSustained(store.known, fault, at)) return false;
      if (await store.openCircuit(at + PROBE_INTERVAL_MS)) emit('circuit opened', { reason });
      return true;
    },

    async recovered(budget, answer, isLogin) {
      const isOpen = budget.probeAt !== undefined;
      const isAccepted = answer.ok && budget.refused !== undefined;
      const isWorking = !isLogin && (budget.failures > 0 || isOpen);
      const cleared: Cleared[] = [];
      if (isWorking) cleared.push('failures', 'circuit');
      if (budget.refusals > 0 && !isThrottled(answer)) cleared.push('refusals');
      if (isAccepted) cleared.push('credentials');
      if (cleared.length > 0) await store.clear(cleared);
      if ((isOpen && isWorking) || isAccepted) emit('circuit closed');
    },

    async refused(credentials, kind) {
      const span = RETRY_CREDENTIALS_MS[kind];
      await store.refuseCredentials(credentials, now() + span, span);
      emit('credentials refused');
    },
  };
}

/** Whether consecutive failures last long enough and concern enough groups. @param fault of the last failure. */
export function isSustained(
  { failures, failingSince, failingGroups }: Budget,
  fault: Assessment['fault'],
  now: number,
): boolean {
  if (now - failingSince < OPENING_SPAN_MS) return false;
  if (failingGroups.has(LOGIN)) return failures >= OPENING_LOGINS;
  return failures >= OPENING_FAILURES && failingGroups.size >= OPENING_GROUPS[fault];
}
