import type { Announced } from './answer.ts';
import type { Budget, BudgetSettings, Limit } from './budget.ts';

const SECOND = 1000;

/**
 * Calls are spread evenly at this part of what is allowed, and the rest may be made up for at once after a pause. So no span
 * of a window's length, wherever it begins, holds more calls than allowed.
 */
export const STEADY = 0.95;

/** ms after which an announced limit is learned anew. */
const RELEARN_INTERVAL_MS = 3600 * SECOND;
/** Seconds; a reset that is further away is not believed. */
const LONGEST_WINDOW_SECONDS = 86_400;
/** Seconds of a window below which it isn't worth telling everybody that it is used up. */
const SHORT_WINDOW_SECONDS = 5;

/** Calls per second that may be made now, by all lanes. */
export function callsPerSecond({ limit, slowdown }: Budget, { share, maxRps }: BudgetSettings): number {
  const announced = limit ? (limit.calls * share) / limit.window : maxRps;
  // A window that was only seen from somewhere in its middle may be longer than it looks.
  const allowed = limit?.reset === undefined ? announced : Math.min(announced, maxRps);
  return (allowed * STEADY) / slowdown;
}

/** The limit as it is known after an answer, or undefined where there is nothing new to it. */
export function limitAfter(known: Limit | undefined, announced: Announced, now: number): Limit | undefined {
  const { limit: calls, reset } = announced;
  const left = reset - now / SECOND;
  if (calls < 1 || left <= 0 || left > LONGEST_WINDOW_SECONDS) return undefined;
  const seen = Math.max(1, Math.floor(left));
  if (known?.calls !== calls || now - known.since > RELEARN_INTERVAL_MS)
    return { calls, window: seen, reset, since: now };
  const isSecond = known.reset !== undefined && known.reset !== reset;
  if (!isSecond && seen <= known.window) return undefined;
  return { ...known, window: Math.max(seen, known.window), reset: isSecond ? undefined : known.reset };
}

/** Until when nobody should ask because a window is used up; undefined: go on. */
export function usedUp({ remaining, reset }: Announced, now: number): number | undefined {
  const left = reset - now / SECOND;
  return remaining <= 0 && left >= SHORT_WINDOW_SECONDS && left <= LONGEST_WINDOW_SECONDS ? reset * SECOND : undefined;
}

/** Until when a refusal (429, or a quota) holds everybody back. @param retryAfter seconds. */
export function pauseAfterRefusal({ refusals }: Budget, retryAfter: number | undefined, now: number): number {
  return now + SECOND * (retryAfter ?? Math.min(60, 2 ** Math.min(refusals, 6)));
}

/** Slower after a refusal that no announced limit explains, and step by step back after 5 s without one. */
const SLOWER = 1.3;
const SLOWEST = 100;
const RECOVERY = 1.1;
const RECOVERY_INTERVAL_MS = 5 * SECOND;

export function slowdownAfter(budget: Budget, refused: boolean, now: number): number {
  const { slowdown, slowedAt, limit } = budget;
  if (refused) return limit || now - slowedAt < SECOND ? slowdown : Math.min(SLOWEST, slowdown * SLOWER);
  return slowdown > 1 && now - slowedAt >= RECOVERY_INTERVAL_MS ? Math.max(1, slowdown / RECOVERY) : slowdown;
}

/** Refreshes that a sweep queues at most: what the workers do in `seconds`, or a few that find out whether AnyCheck is back. */
export function sweepLimit(budget: Budget, settings: BudgetSettings, seconds: number, now: number): number {
  const isClosed = budget.probeAt !== undefined || budget.refused !== undefined || budget.pausedUntil > now;
  const limit = Math.max(1, Math.ceil(callsPerSecond(budget, settings) * seconds));
  return isClosed ? Math.min(MAX_PROBING_GROUPS, limit) : limit;
}
const MAX_PROBING_GROUPS = 6;
