import type { Obstacle } from './attempt.ts';
import { EXIT, Stop } from './stop.ts';

/** What a call waits with, and for how long. */
export interface WaitOptions {
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** The longest wait of one call, ms. */
  readonly maxWaitMs: number;
}

/** The longest wait for a service that has not answered yet, ms: its address can be wrong. */
const FIRST_ANSWER_MS = 15_000;
const [MIN_BACKOFF_MS, MAX_BACKOFF_MS] = [500, 30_000];
/** A wait from which on the user reads why, ms. */
const MIN_PRINTED_MS = 2_000;

/**
 * Starts the waits between the attempts of one call.
 * @param hasAnswered whether the service has answered another call.
 * @returns waits before the next attempt. It throws a Stop where the call would wait longer than it may.
 */
export function waits({ now, sleep, print, maxWaitMs }: WaitOptions, hasAnswered: boolean) {
  const began = now();
  let backoffMs = MIN_BACKOFF_MS;
  return async ({ what, retryAfterMs, isAnswer }: Obstacle): Promise<void> => {
    // A part of the backoff is drawn, so that several programs do not call at the same moment.
    const ms = retryAfterMs ?? backoffMs * (0.5 + Math.random() / 2);
    backoffMs = Math.min(MAX_BACKOFF_MS, backoffMs * 2);
    const next = new Date(now() + ms);
    const limitMs = hasAnswered || isAnswer ? maxWaitMs : Math.min(maxWaitMs, FIRST_ANSWER_MS);
    if (next.getTime() - began > limitMs) {
      const when = retryAfterMs === undefined ? 'later' : `after ${next.toISOString()}`;
      throw new Stop(EXIT.unfinished, `${what}. Run the same command again ${when}.`);
    }
    if (ms >= MIN_PRINTED_MS) print(`${what}. The next attempt is at ${next.toISOString()}.`);
    await sleep(ms);
  };
}
