import type { Budget, Limit } from './budget.ts';
import type { UpstreamReason } from './errors.ts';
import type { Slot } from './slots.ts';

/**
 * What AnyCheck's recovery clears: consecutive failures, the open circuit, consecutive refusals, refused credentials.
 */
export type Cleared = 'failures' | 'circuit' | 'refusals' | 'credentials';

/**
 * The budget that all function instances share. Each write is atomic. A method that returns a boolean
 * writes conditionally: false means that another instance was first and this one wrote nothing. All times
 * are ms since the epoch.
 */
export interface BudgetStore {
  /** The budget as this instance last read or wrote it. Another instance may have written since. */
  readonly known: Budget;
  read(): Promise<Budget>;

  /** Acquires the probe of the open circuit, and allows the next one at `next`. */
  acquireProbe(now: number, next: number): Promise<boolean>;
  /** Acquires the trial of the refused credentials, and allows the next one at `next`. */
  acquireTrial(now: number, next: number): Promise<boolean>;
  /**
   * Acquires the next slot of a priority, unless calls are paused, the circuit is open or the credentials are refused.
   */
  acquireSlot(slot: Slot, credentials: string, now: number): Promise<boolean>;

  setLimit(limit: Limit): Promise<void>;
  slowDown(slowdown: number, now: number): Promise<void>;
  countRefusal(): Promise<void>;
  /** Pauses all calls. False where a pause already lasts as long. */
  pauseUntil(until: number): Promise<boolean>;
  refuseCredentials(credentials: string, until: number, span: number): Promise<void>;

  /**
   * Counts a failure, and records the reason, and when the first of consecutive failures occurred.
   * @param group added to the groups that fail; undefined where it need not be recorded.
   */
  countFailure(failure: { group: string | undefined; reason: UpstreamReason; now: number }): Promise<void>;
  /** Opens the circuit, and allows the first probe at `probeAt`. */
  openCircuit(probeAt: number): Promise<boolean>;
  clear(what: readonly Cleared[]): Promise<void>;
}
