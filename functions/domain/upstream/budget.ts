const SECOND = 1000;

/** Who asks: a reader who waits, or the schedule's workers. */
export type Lane = 'reader' | 'worker';

/** What part of the budget each lane has; a worker takes what readers leave of theirs, too. */
const PART = { reader: 0.8, worker: 0.2 } as const;
const OPEN_TO = { reader: ['reader'], worker: ['worker', 'reader'] } as const satisfies Record<Lane, readonly Lane[]>;
/** ms that a call may be planned ahead: a reader waits so long. */
const AHEAD = { reader: 5 * SECOND, worker: SECOND } as const;
/** ms that a short hold or a probe of somebody else is waited for. */
const PATIENCE = 5 * SECOND;

/**
 * Calls are spread evenly at this part of what is allowed, and the rest may be made up for at once after a pause. So no span
 * of a window's length, wherever it begins, holds more calls than allowed.
 */
const STEADY = 0.95;

/** Failures in a row, over ms, that open the circuit; ms between two probes of an open one. */
const OPENING_FAILURES = 5;
const OPENING_SPAN = 5 * SECOND;
export const PROBE_EVERY = 10 * SECOND;
/**
 * ms after which credentials that AnyCheck refused are tried once more, should it have changed its mind. A password that is tried
 * often gets its user locked out.
 */
export const TRY_AGAIN = { key: 60 * SECOND, login: 15 * 60 * SECOND } as const;

/** ms after which an announced limit is learned anew. */
const LEARN_EVERY = 3600 * SECOND;
/** Seconds; a reset that is further away is not believed. */
const LONGEST_WINDOW = 86_400;
/** Seconds of a window below which it isn't worth telling everybody that it is used up. */
const SHORT_WINDOW = 5;

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
  readonly taken: Readonly<Record<Lane, number>>;
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
  readonly heldUntil: number;
  /** The circuit is open, and may be probed then. */
  readonly probeAt: number | undefined;
  /** The version of the credentials that AnyCheck refused, and when they may be tried again. */
  readonly refused: string | undefined;
  readonly refusedUntil: number;
  /** ms between two such tries. */
  readonly refusedFor: number;
}

export const UNUSED: Budget = {
  taken: { reader: 0, worker: 0 },
  limit: undefined,
  slowdown: 1,
  slowedAt: 0,
  refusals: 0,
  failures: 0,
  failingSince: 0,
  failingGroup: undefined,
  failsOthers: false,
  heldUntil: 0,
  probeAt: undefined,
  refused: undefined,
  refusedUntil: 0,
  refusedFor: TRY_AGAIN.login,
};

/** Calls per second that may be made now, by all lanes. */
export function callsPerSecond({ limit, slowdown }: Budget, { share, maxRps }: BudgetSettings): number {
  const announced = limit ? (limit.calls * share) / limit.window : maxRps;
  // A window that was only seen from somewhere in its middle may be longer than it looks.
  const allowed = limit?.reset === undefined ? announced : Math.min(announced, maxRps);
  return (allowed * STEADY) / slowdown;
}

export type Turn =
  /** Nobody, or not this caller, before `until`; `patient` where that is worth waiting for. */
  | { readonly kind: 'closed'; readonly until: number; readonly patient: boolean; readonly refused: boolean }
  | { readonly kind: 'probe' }
  | { readonly kind: 'trial' }
  /** The next call of the lane `of`: behind `floor` where it was idle, else behind the one before, up to `horizon`. */
  | {
      readonly kind: 'line';
      readonly of: Lane;
      readonly interval: number;
      readonly floor: number;
      readonly horizon: number;
    };

/** When a caller may ask AnyCheck next. */
export function turnOf(
  budget: Budget,
  { lane, credentials, now, settings }: { lane: Lane; credentials: string; now: number; settings: BudgetSettings },
): Turn {
  const closed = (until: number, patient = until - now <= PATIENCE) =>
    ({ kind: 'closed', until, patient, refused: false }) as const;
  if (budget.heldUntil > now) return closed(budget.heldUntil);
  if (budget.refused === credentials) {
    if (budget.refusedUntil <= now) return { kind: 'trial' };
    return { ...closed(budget.refusedUntil, false), refused: true };
  }
  if (budget.probeAt !== undefined) return budget.probeAt <= now ? { kind: 'probe' } : closed(budget.probeAt, false);
  const of = OPEN_TO[lane].reduce<Lane>((a, b) => (budget.taken[b] < budget.taken[a] ? b : a), lane);
  const perSecond = callsPerSecond(budget, settings);
  // Thousandths of a ms: DynamoDB adds them up in decimal.
  const intervalOf = (one: Lane) => Math.round((SECOND / (perSecond * PART[one])) * 1000) / 1000;
  const interval = intervalOf(of);
  const window = (budget.limit?.window ?? 1) * SECOND;
  const burst = Math.max(0, (window * (1 - STEADY)) / STEADY - interval);
  // Where calls are more than a second apart, whoever can't plan the next one is late for it.
  const planned = lane === 'worker' ? Math.max(AHEAD.worker, intervalOf('worker')) : AHEAD.reader;
  // Of the readers' part a worker takes no more than the next two calls: a reader who comes waits for two at most.
  const ahead = of === lane ? planned : Math.min(planned, 2 * interval);
  if (budget.taken[of] > now + ahead) return closed(budget.taken[of] - ahead, lane === 'worker');
  return { kind: 'line', of, interval, floor: Math.round(now - burst), horizon: now + ahead };
}

/** Whether a turn that was taken before doesn't stand any more. */
export const isShut = ({ heldUntil, probeAt }: Budget, now: number): boolean =>
  heldUntil > now || probeAt !== undefined;

/** What AnyCheck's headers say of its limit. */
export interface Announced {
  readonly limit: number;
  readonly remaining: number;
  /** Epoch seconds. */
  readonly reset: number;
}

/** The limit as it is known after an answer, or undefined where there is nothing new to it. */
export function learned(known: Limit | undefined, announced: Announced, now: number): Limit | undefined {
  const { limit: calls, reset } = announced;
  const left = reset - now / SECOND;
  if (calls < 1 || left <= 0 || left > LONGEST_WINDOW) return undefined;
  const seen = Math.max(1, Math.floor(left));
  if (known?.calls !== calls || now - known.since > LEARN_EVERY) return { calls, window: seen, reset, since: now };
  const isSecond = known.reset !== undefined && known.reset !== reset;
  if (!isSecond && seen <= known.window) return undefined;
  return { ...known, window: Math.max(seen, known.window), reset: isSecond ? undefined : known.reset };
}

/** Until when nobody should ask because a window is used up; undefined: go on. */
export function usedUp({ remaining, reset }: Announced, now: number): number | undefined {
  const left = reset - now / SECOND;
  return remaining <= 0 && left >= SHORT_WINDOW && left <= LONGEST_WINDOW ? reset * SECOND : undefined;
}

/** Until when a refusal (429, or a quota) holds everybody back. @param retryAfter seconds. */
export function heldBy({ refusals }: Budget, retryAfter: number | undefined, now: number): number {
  return now + SECOND * (retryAfter ?? Math.min(60, 2 ** Math.min(refusals, 6)));
}

/** Whether failures in a row are more than a moment's, and more than one group's. */
export const isSustained = ({ failures, failingSince, failsOthers }: Budget, now: number): boolean =>
  failsOthers && failures >= OPENING_FAILURES && now - failingSince >= OPENING_SPAN;

/** Slower after a refusal that no announced limit explains, and step by step back after 5 s without one. */
const SLOWER = 1.3;
const SLOWEST = 100;
const RECOVERY = 1.1;
const RECOVER_EVERY = 5 * SECOND;

export function slowdownAfter(budget: Budget, refused: boolean, now: number): number {
  const { slowdown, slowedAt, limit } = budget;
  if (refused) return limit || now - slowedAt < SECOND ? slowdown : Math.min(SLOWEST, slowdown * SLOWER);
  return slowdown > 1 && now - slowedAt >= RECOVER_EVERY ? Math.max(1, slowdown / RECOVERY) : slowdown;
}

/** Looks that a sweep queues at most: what the workers do in `seconds`, or a few that find out whether AnyCheck is back. */
export function sweepLimit(budget: Budget, settings: BudgetSettings, seconds: number, now: number): number {
  const isClosed = budget.probeAt !== undefined || budget.refused !== undefined || budget.heldUntil > now;
  const limit = Math.max(1, Math.ceil(callsPerSecond(budget, settings) * seconds));
  return isClosed ? Math.min(FEW, limit) : limit;
}
const FEW = 6;
