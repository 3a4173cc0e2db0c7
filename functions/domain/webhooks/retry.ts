import type { Delivery } from './delivery.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** ms from each failed attempt to the next one; docs/webhooks.md has this table. */
export const RETRY_DELAYS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR];
const LATER_DELAY_MS = 12 * HOUR;
/** ms after the first attempt in which the last one begins. */
export const RETRY_FOR_MS = 3 * DAY;
/** ms of a receiver's own `Retry-After` at most. */
const MAX_RETRY_AFTER_MS = DAY;
const JITTER = 0.1;

/** ms for which a delivery waits whose secrets can not be read. */
export const POSTPONE_MS = MINUTE;

/** ms of nothing but failures after which an endpoint is disabled. */
export const DISABLE_AFTER_MS = 5 * DAY;

/**
 * Returns when the next attempt is due, ms since the epoch; undefined where there is none any more.
 * @param failed attempts so far, at least 1. @param since when the first of them began. @param random from 0 up to 1.
 */
export function nextAttemptAt(
  { failed, since, retryAfterSeconds = 0 }: { failed: number; since: number; retryAfterSeconds?: number | undefined },
  now: number,
  random: number,
): number | undefined {
  const delay = (RETRY_DELAYS_MS[failed - 1] ?? LATER_DELAY_MS) * (1 + JITTER * (2 * random - 1));
  const demanded = Math.min(retryAfterSeconds * SECOND, MAX_RETRY_AFTER_MS);
  const next = now + Math.round(Math.max(delay, demanded));
  return next <= since + RETRY_FOR_MS ? next : undefined;
}

/** ms that a message of a queue can be delayed. */
export const MAX_MESSAGE_DELAY_MS = 15 * MINUTE;
/** ms after its event in which a delivery relies on its message alone. */
const WITHOUT_DUE_MS = 6 * MINUTE;
/** ms after its event at which the upkeep looks whether a delivery is still pending without a due time. */
export const CHECK_AFTER_MS = 2 * WITHOUT_DUE_MS;
/** ms that the message of an attempt may be late before the sweep queues the delivery again. */
const MESSAGE_LATE_MS = MINUTE;

/**
 * Returns when the sweep has to queue a delivery, ms since the epoch. A due time costs write units in its index twice. So
 * in the first minutes there is none (undefined): nearly all deliveries are done by then, and the upkeep looks for the
 * others once.
 */
export function dueOf({ at }: Pick<Delivery, 'at'>, nextAttempt: number, now: number): number | undefined {
  if (Math.max(nextAttempt, now) <= at + WITHOUT_DUE_MS) return undefined;
  return nextAttempt - now <= MAX_MESSAGE_DELAY_MS ? Math.max(nextAttempt, now) + MESSAGE_LATE_MS : nextAttempt;
}

/** Failed attempts in a row that open the breaker of an endpoint. */
export const FAILURES_TO_OPEN = 5;
const FIRST_PROBE_MS = 10 * SECOND;
const MAX_PROBE_MS = 15 * MINUTE;
/** Returns the ms until the next probe. @param failedProbes so far. @param random from 0 up to 1. */
export const probeDelay = (failedProbes: number, random: number): number =>
  Math.round(
    Math.min(MAX_PROBE_MS, FIRST_PROBE_MS * 2 ** Math.min(failedProbes, 10)) * (1 + JITTER * (2 * random - 1)),
  );
