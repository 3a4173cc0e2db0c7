import { httpDate } from '../../runtime/rest/http-date.ts';

const MAX_SECONDS = 24 * 3600;

/**
 * Parses `Retry-After` (RFC 9110, 10.2.3): whole seconds, or an HTTP date.
 * @param now ms since the epoch.
 * @returns whole seconds, at most a day; undefined for a time that is not ahead, and for any other text.
 */
export function retryAfterSeconds(text: string | undefined, now: number): number | undefined {
  const value = text?.trim() ?? '';
  const seconds = /^\d+$/.test(value) ? Number(value) : Math.ceil(((httpDate(value) ?? 0) - now) / 1000);
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined;
}
