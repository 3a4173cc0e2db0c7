import type { UpstreamReason } from './errors.ts';

const SECOND = 1000;

/** The priority of a call: `reader` where a caller waits for the answer, `worker` for scheduled refreshes. */
export type Priority = 'reader' | 'worker';

/**
 * ms after which refused credentials are tried again, in case AnyCheck accepts them by then. Frequent attempts with a
 * wrong password can lock the user out.
 */
export const RETRY_CREDENTIALS_MS = { key: 60 * SECOND, login: 15 * 60 * SECOND } as const;

export interface BudgetSettings {
  /** The share of an announced limit that this service uses, over 0 up to 1. */
  readonly share: number;
  /** Calls per second where no limit is announced. */
  readonly maxRps: number;
}

/** Stands among failing groups for a login, which concerns all groups. */
export const LOGIN = '*';

/** A limit as AnyCheck announces it. */
export interface Limit {
  readonly calls: number;
  /** Seconds: the longest observed time to a reset. */
  readonly window: number;
  /** The reset of the first observation, epoch seconds; undefined once another reset was observed. */
  readonly reset: number | undefined;
  /** ms since the epoch. */
  readonly since: number;
}

/**
 * The state of the rate limiter and the circuit breaker: one row that the whole fleet shares. Times
 * in ms since the epoch.
 */
export interface Budget {
  /** The time up to which the slots of each priority are taken. */
  readonly takenUntil: Readonly<Record<Priority, number>>;
  /** The last early slot of a burst of the readers. It counts for one window, however long that turns out to be. */
  readonly burstAt: number;
  readonly limit: Limit | undefined;
  /** The factor by which the fleet calls more slowly than allowed, after refusals that no header explains. */
  readonly slowdown: number;
  readonly slowedAt: number;
  /** Consecutive refusals, and consecutive failures. */
  readonly refusals: number;
  readonly failures: number;
  readonly failingSince: number;
  /** The first few different groups that failed, and LOGIN. A single failing group does not show that AnyCheck is down. */
  readonly failingGroups: ReadonlySet<string>;
  /** The reason of the last failure. */
  readonly failingReason: UpstreamReason | undefined;
  /** No instance calls AnyCheck until then: AnyCheck announced it, or refused a call. */
  readonly pausedUntil: number;
  /** When the open circuit may be probed; undefined while the circuit is closed. */
  readonly probeAt: number | undefined;
  /** The version of the credentials that AnyCheck refused, and when they may be tried again. */
  readonly refused: string | undefined;
  readonly refusedUntil: number;
  /** ms between two such trials. */
  readonly refusedFor: number;
}

export const UNUSED: Budget = {
  takenUntil: { reader: 0, worker: 0 },
  burstAt: 0,
  limit: undefined,
  slowdown: 1,
  slowedAt: 0,
  refusals: 0,
  failures: 0,
  failingSince: 0,
  failingGroups: new Set(),
  failingReason: undefined,
  pausedUntil: 0,
  probeAt: undefined,
  refused: undefined,
  refusedUntil: 0,
  refusedFor: RETRY_CREDENTIALS_MS.login,
};
