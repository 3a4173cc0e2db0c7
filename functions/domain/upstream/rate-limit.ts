import { type Announced, isThrottled, type UpstreamAnswer } from './answer.ts';
import type { Budget, BudgetSettings, Limit } from './budget.ts';

const SECOND = 1000;

/**
 * Calls are spread evenly at this part of the allowed rate. After a pause, the remaining part may be used in one burst.
 * So no window, wherever it begins, holds more calls than allowed.
 */
export const STEADY = 0.95;

/**
 * Readers may make up to this part of a window's calls at once, as far as slots were unused before. For one window
 * after such a burst, calls are spread at what STEADY leaves then.
 */
export const BURST = 0.25;

/** ms after which a known limit is replaced by the next announced one. */
const RELEARN_INTERVAL_MS = 3600 * SECOND;
/** Seconds. A reset that is further away is ignored. */
const MAX_WINDOW_SECONDS = 86_400;
/** Seconds. A used-up window that ends sooner does not pause the fleet: it is not worth a write to the shared row. */
const SHORT_WINDOW_SECONDS = 5;

/** Returns the calls per second that the fleet may make now, at all priorities together. */
export function callsPerSecond({ limit, slowdown }: Budget, { share, maxRps }: BudgetSettings): number {
  const announced = limit ? (limit.calls * share) / limit.window : maxRps;
  // A window that was observed only once may have begun earlier, so it may be longer than observed.
  const allowed = limit?.reset === undefined ? announced : Math.min(announced, maxRps);
  return (allowed * STEADY) / slowdown;
}

/** ms. However long AnyCheck asks the fleet to wait: after this, the next call shows whether it must wait on. */
export const MAX_PAUSE_MS = 3600 * SECOND;

/** Returns the limit after an answer; undefined where the answer changes nothing. @param now ms since the epoch. */
export function limitAfter(known: Limit | undefined, announced: Announced, now: number): Limit | undefined {
  const { limit: calls, window, reset } = announced;
  const left = reset - now / SECOND;
  if (calls === undefined || calls < 1) return undefined;
  const isNew = known?.calls !== calls || now - known.since > RELEARN_INTERVAL_MS;
  // An announced window needs no observation.
  if (window !== undefined && window >= 1 && window <= MAX_WINDOW_SECONDS) {
    return isNew || known.window !== window ? { calls, window, reset: undefined, since: now } : undefined;
  }
  if (left <= 0 || left > MAX_WINDOW_SECONDS) return undefined;
  const seen = Math.max(1, Math.floor(left));
  if (isNew) return { calls, window: seen, reset, since: now };
  const isSecond = known.reset !== undefined && known.reset !== reset;
  if (!isSecond && seen <= known.window) return undefined;
  return { ...known, window: Math.max(seen, known.window), reset: isSecond ? undefined : known.reset };
}

/**
 * Returns when a used-up window ends, ms since the epoch; undefined where calls may go on.
 * @param now ms since the epoch.
 */
export function usedUp({ remaining, reset }: Announced, now: number): number | undefined {
  const left = reset - now / SECOND;
  return remaining <= 0 && left >= SHORT_WINDOW_SECONDS && left <= MAX_WINDOW_SECONDS ? reset * SECOND : undefined;
}

/**
 * Returns until when an answer pauses the fleet, ms since the epoch; 0 where it does not. A 429 pauses it also without
 * `Retry-After`, twice as long with every consecutive one, up to a minute. No `Retry-After` makes that pause shorter.
 */
export function pauseAfterAnswer({ refusals }: Budget, answer: UpstreamAnswer, now: number): number {
  const announced = answer.ok ? 0 : (answer.retryAfter ?? 0);
  const own = isThrottled(answer) ? Math.min(60, 2 ** Math.min(refusals, 6)) : 0;
  const pause = Math.max(announced, own);
  return pause > 0 ? now + SECOND * pause : 0;
}

/** The fleet slows down by this factor, at most once a second, after a refusal that no announced limit explains. */
const SLOWDOWN_FACTOR = 1.3;
const MAX_SLOWDOWN = 100;
/** After 5 s without such a refusal, it speeds up by this factor. */
const RECOVERY_FACTOR = 1.1;
const RECOVERY_INTERVAL_MS = 5 * SECOND;

/** Returns the slowdown factor after an answer, 1 to 100. @param refused whether AnyCheck throttled the call. */
export function slowdownAfter(budget: Budget, refused: boolean, now: number): number {
  const { slowdown, slowedAt, limit } = budget;
  if (refused) return limit || now - slowedAt < SECOND ? slowdown : Math.min(MAX_SLOWDOWN, slowdown * SLOWDOWN_FACTOR);
  return slowdown > 1 && now - slowedAt >= RECOVERY_INTERVAL_MS ? Math.max(1, slowdown / RECOVERY_FACTOR) : slowdown;
}

/**
 * Returns how many refreshes a sweep queues at most: as many as the workers process in `seconds`. While calls are
 * stopped, it returns a few that probe whether AnyCheck works again.
 */
export function sweepLimit(budget: Budget, settings: BudgetSettings, seconds: number, now: number): number {
  const isClosed = budget.probeAt !== undefined || budget.refused !== undefined || budget.pausedUntil > now;
  const limit = Math.max(1, Math.ceil(callsPerSecond(budget, settings) * seconds));
  return isClosed ? Math.min(MAX_PROBING_GROUPS, limit) : limit;
}
const MAX_PROBING_GROUPS = 6;
