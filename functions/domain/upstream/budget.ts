const SECOND = 1000;

/** Who asks: a reader who waits, or the schedule's workers. */
export type Priority = 'reader' | 'worker';

/**
 * ms after which credentials that AnyCheck refused are tried once more, should it have changed its mind. A password that is tried
 * often gets its user locked out.
 */
export const RETRY_CREDENTIALS_MS = { key: 60 * SECOND, login: 15 * 60 * SECOND } as const;

export interface BudgetSettings {
  /** Of an announced limit, over 0 up to 1. */
  readonly share: number;
  /** Calls per second where no limit is announced. */
  readonly maxRps: number;
}

/** A limit as AnyCheck announces it. */
export interface Limit {
  readonly calls: number;
  /** Seconds: the longest time to a reset that was seen. */
  readonly window: number;
  /** The reset that it was first seen with, epoch seconds; undefined once another one was seen, too. */
  readonly reset: number | undefined;
  /** ms since the epoch. */
  readonly since: number;
}

/** How the whole fleet stands with AnyCheck: one row, shared. Times in ms since the epoch. */
export interface Budget {
  /** The time up to which each lane is given away. */
  readonly takenUntil: Readonly<Record<Priority, number>>;
  readonly limit: Limit | undefined;
  /** How many times slower than allowed it goes after refusals that no header explains. */
  readonly slowdown: number;
  readonly slowedAt: number;
  /** Refusals, and failures, in a row. */
  readonly refusals: number;
  readonly failures: number;
  readonly failingSince: number;
  /** Whether they were more than one group's: a group that fails by itself is no reason to doubt AnyCheck. */
  readonly failingGroup: string | undefined;
  readonly failsOthers: boolean;
  /** Nobody asks until then, because AnyCheck said so. */
  readonly pausedUntil: number;
  /** The circuit is open, and may be probed then. */
  readonly probeAt: number | undefined;
  /** The version of the credentials that AnyCheck refused, and when they may be tried again. */
  readonly refused: string | undefined;
  readonly refusedUntil: number;
  /** ms between two such tries. */
  readonly refusedFor: number;
}

export const UNUSED: Budget = {
  takenUntil: { reader: 0, worker: 0 },
  limit: undefined,
  slowdown: 1,
  slowedAt: 0,
  refusals: 0,
  failures: 0,
  failingSince: 0,
  failingGroup: undefined,
  failsOthers: false,
  pausedUntil: 0,
  probeAt: undefined,
  refused: undefined,
  refusedUntil: 0,
  refusedFor: RETRY_CREDENTIALS_MS.login,
};
