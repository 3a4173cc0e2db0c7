import { setTimeout as sleep } from 'node:timers/promises';
import { misused } from './stop.ts';
import type { WaitOptions } from './waits.ts';

const DEFAULT_MAX_WAIT_MINUTES = '15';

/** The option that bounds the wait of one call. */
export const MAX_WAIT = { 'max-wait': { type: 'string', default: DEFAULT_MAX_WAIT_MINUTES } } as const;

/** Waits by the clock of this machine. @param minutes the value of `--max-wait`. */
export function waitOptions(minutes: string, print: (line: string) => void): WaitOptions {
  if (!/^\d{1,4}$/.test(minutes)) misused('--max-wait must be a number of minutes, from 0 to 9999.');
  return { now: Date.now, sleep: (ms) => sleep(ms), print, maxWaitMs: Number(minutes) * 60_000 };
}
