import { misused } from '../client/stop.ts';

const TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads a time: RFC 3339, or a date, which means its begin in UTC.
 * @param option the option that it comes from.
 * @returns ms since the epoch.
 * @throws Stop where it is no time.
 */
export function timeOf(option: string, text: string): number {
  const at = TIME.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) misused(`${option} must be a time such as 2026-01-31T08:00:00Z, or a date such as 2026-01-31.`);
  return at;
}

/** How long a change can be invisible to a listing, ms: the API promises 5 seconds. */
export const SETTLED_MS = 6_000;

/**
 * The end of an export.
 * @param until what the user demands; undefined: the last moment that is settled.
 * @param now the time of the service, ms since the epoch.
 * @throws Stop where the end is not settled, or not after the begin.
 */
export function endOf(since: number, until: number | undefined, now: number): number {
  const last = now - SETTLED_MS;
  const end = until ?? last;
  if (end > last)
    misused(`--until must be at least ${SETTLED_MS / 1000} seconds ago: later versions can still appear.`);
  if (end <= since) misused('--since must be before the end of the export, which is the present without --until.');
  return end;
}
