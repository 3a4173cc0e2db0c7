import type { Phase } from '../group/phase.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** ms. The sweep runs once a minute, so the shortest delay means the next sweep. */
const MIN_DELAY_MS = 15 * SECOND;
const MAX_DELAY_MS = DAY;
/** The share of the time without change after which a group is refreshed again. */
const SHARE = { active: 1 / 5, waiting: 1 / 10 } as const;
/**
 * ms. An active group that has not changed for less than the first is refreshed at least as often as the second says:
 * a machine ends nearly every group within hours, and a person waits for it.
 */
const SOON_OVER_MS = 6 * HOUR;
const MAX_SOON_DELAY_MS = 13 * 60 * SECOND;
/** Ages at which a settled group is refreshed once more, since a retry or an edit can reopen it. */
const SETTLED_REFRESH_AGES_MS = [HOUR, DAY, 7 * DAY, 30 * DAY];
/** A refresh of a settled group counts for the next age already where the group's age times this factor reaches it. */
const NEAR_AGE_FACTOR = 1.2;
const JITTER = 0.1;
/** ms: the longest delay before the retry of a failed refresh, unless AnyCheck demands a longer one. */
export const MAX_BACKOFF_MS = 15 * 60 * SECOND;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
/** @param delay ms. @param random from 0 up to 1, like `Math.random()`. */
const jittered = (delay: number, random: number) => delay * (1 + JITTER * (2 * random - 1));

/**
 * Returns the ms until the next refresh of a group, or null where only a refresh request makes it due.
 * @param unchanged ms since this service published the current version. AnyCheck's own timestamps do not count.
 * @param random from 0 up to 1.
 */
export function nextRefreshDelay(phase: Phase, unchanged: number, random: number): number | null {
  if (phase !== 'settled') {
    const max = phase === 'active' && unchanged < SOON_OVER_MS ? MAX_SOON_DELAY_MS : Number.POSITIVE_INFINITY;
    const delay = jittered(Math.min(unchanged * SHARE[phase], max), random);
    return Math.round(clamp(delay, MIN_DELAY_MS, MAX_DELAY_MS));
  }
  const age = SETTLED_REFRESH_AGES_MS.find((at) => at > unchanged * NEAR_AGE_FACTOR);
  return age === undefined ? null : Math.round(jittered(age - unchanged, random));
}

/**
 * Returns the ms until the next attempt to announce what the event bus did not accept.
 * @param waiting ms since it was published.
 * @param random from 0 up to 1.
 */
export const announceBackoff = (waiting: number, random: number): number =>
  Math.round(clamp(jittered(waiting / 2, random), MIN_DELAY_MS, MAX_BACKOFF_MS));

/** Returns the earlier of two times, either of which may be undefined. */
export const soonest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

interface Fault {
  /** Seconds from AnyCheck's `Retry-After`. */
  readonly retryAfter?: number | undefined;
  /**
   * Whether calls are stopped for all groups. The delay then stays short, so that the group is due when calls resume.
   */
  readonly fleetWide?: boolean;
}

/**
 * Returns the ms until the retry of a failed refresh. The delay doubles with every consecutive failure, unless the
 * fault is fleet-wide.
 * @param failures consecutive failures, this one included. @param random from 0 up to 1.
 */
export function backoff(failures: number, random: number, { retryAfter = 0, fleetWide = false }: Fault = {}): number {
  const doubled = fleetWide ? MIN_DELAY_MS : MIN_DELAY_MS * 2 ** Math.min(failures - 1, 10);
  const delay = clamp(jittered(doubled, random), MIN_DELAY_MS, MAX_BACKOFF_MS);
  return Math.round(Math.max(delay, retryAfter * SECOND));
}
