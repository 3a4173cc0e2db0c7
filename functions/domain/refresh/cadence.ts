import type { Phase } from '../group/phase.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;

/** ms. The shortest wait is in effect the next sweep. */
const SHORTEST = 15 * SECOND;
const LONGEST = DAY;
/** The share of the time without change after which a group is looked at again. */
const SHARE = { active: 1 / 5, waiting: 1 / 10 } as const;
/** Ages at which a settled group is looked at once more, since a retry or an edit can reopen it. */
const SETTLED_REFRESH_AGES_MS = [HOUR, DAY, 7 * DAY, 30 * DAY];
/** A settled group looked at this near before an age has been looked at for it. */
const NEAR = 1.2;
const JITTER = 0.1;
/** ms. */
export const LONGEST_BACKOFF = 15 * 60 * SECOND;

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));
/** @param random from 0 up to 1, as `Math.random()` gives it. */
const jittered = (delay: number, random: number) => delay * (1 + JITTER * (2 * random - 1));

/**
 * ms until a group is looked at again, or null for not before somebody asks.
 * @param unchanged ms since our own publish of what is current: AnyCheck's timestamps don't count.
 */
export function nextRefreshDelay(phase: Phase, unchanged: number, random: number): number | null {
  if (phase !== 'settled') return Math.round(clamp(jittered(unchanged * SHARE[phase], random), SHORTEST, LONGEST));
  const age = SETTLED_REFRESH_AGES_MS.find((at) => at > unchanged * NEAR);
  return age === undefined ? null : Math.round(jittered(age - unchanged, random));
}

/** The earlier of two times of which either may be none. */
export const soonest = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

interface Fault {
  /** Seconds that AnyCheck asked for. */
  readonly retryAfter?: number | undefined;
  /** Nobody is let through to AnyCheck for now: the group is to be there when somebody is again. */
  readonly fleetWide?: boolean;
}

/** ms until a failed look is tried again: doubled with every failure in a row, where the group may be at fault. */
export function backoff(failures: number, random: number, { retryAfter = 0, fleetWide = false }: Fault = {}): number {
  const doubled = fleetWide ? SHORTEST : SHORTEST * 2 ** Math.min(failures - 1, 10);
  const delay = clamp(jittered(doubled, random), SHORTEST, LONGEST_BACKOFF);
  return Math.round(Math.max(delay, retryAfter * SECOND));
}
