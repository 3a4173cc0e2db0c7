import type { Budget, Limit } from './budget.ts';
import type { Slot } from './slots.ts';

/** What AnyCheck's recovery clears: the failures in a row, the open circuit, the refusals in a row, the refused credentials. */
export type Cleared = 'failures' | 'circuit' | 'refusals' | 'credentials';

/**
 * The budget that all function instances share. Each write is atomic. A step that returns a boolean is conditional: false
 * means that another instance was first and nothing was written. All times are ms since the epoch.
 */
export interface BudgetStore {
  /** As this instance last read or wrote it; another instance may have written since. */
  readonly known: Budget;
  read(): Promise<Budget>;

  /** Takes the probe of the open circuit, and allows the next one at `next`. */
  acquireProbe(now: number, next: number): Promise<boolean>;
  /** Takes the trial of the refused credentials, and allows the next one at `next`. */
  acquireTrial(now: number, next: number): Promise<boolean>;
  /** Takes the next slot of a lane, unless calls are paused, the circuit is open or the credentials are refused. */
  acquireSlot(slot: Slot, credentials: string, now: number): Promise<boolean>;

  setLimit(limit: Limit): Promise<void>;
  slowDown(slowdown: number, now: number): Promise<void>;
  countRefusal(): Promise<void>;
  /** Pauses all calls. False where a pause that ends as late was there already. */
  pauseUntil(until: number): Promise<boolean>;
  refuseCredentials(credentials: string, until: number, span: number): Promise<void>;

  countFailure(): Promise<void>;
  /** Records the first failure in a row. @param group undefined for a login. */
  startFailing(group: string | undefined, now: number): Promise<boolean>;
  /** Records that the failures in a row are more than one group's. */
  failOthers(): Promise<void>;
  /** Opens the circuit, and allows the first probe at `probeAt`. */
  openCircuit(probeAt: number): Promise<boolean>;
  clear(what: readonly Cleared[]): Promise<void>;
}
