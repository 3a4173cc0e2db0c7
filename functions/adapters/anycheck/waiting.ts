import type { Announced } from '../../domain/upstream/answer.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const SECOND = 1000;
/** Seconds. The longest time that is plausible as a number of seconds: beyond it, the number has another unit. */
const HOUR = 3600;
const DAY = 86_400;
/** Numbers from here on are times since the epoch, in seconds or in ms. As seconds, they began in 2001. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MS = 1e11;

/** ms: a smaller difference between AnyCheck's `Date` and our clock is ignored, a larger one is a mistake. */
const IGNORED_SKEW_MS = 5_000;
const MAX_SKEW_MS = DAY * SECOND;

/** @returns ms by which AnyCheck's clock is ahead of ours; 0 where that can be ignored. */
function skewOf(headers: Headers, now: number): number {
  const ahead = dateOf(headers.date ?? '') - now;
  return Math.abs(ahead) > IGNORED_SKEW_MS && Math.abs(ahead) <= MAX_SKEW_MS ? ahead : 0;
}

/** @returns ms since the epoch of an HTTP date (RFC 9110, 5.6.7) or of an RFC 3339 time; NaN for any other text. */
function dateOf(text: string): number {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return Date.parse(text);
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return Number.NaN;
  // The oldest of the three forms, asctime, has no zone. It is in GMT as well.
  return Date.parse(/gmt|utc|[+-]\d{4}$/i.test(text) ? text : `${text} GMT`);
}

const NUMBER = /^([+-]?\d{1,15}(?:\.\d{1,9})?)\s*([a-z]*)$/i;
const UNITS = new Map<string, number>([
  ['', 1],
  ['ms', 1 / SECOND],
  ['s', 1],
  ['sec', 1],
  ['second', 1],
  ['seconds', 1],
  ['m', 60],
  ['min', 60],
  ['minutes', 60],
  ['h', HOUR],
]);

/**
 * @returns seconds from now to a time that is written as a number with or without a unit, or as a date; NaN for any other
 * text. A number without a unit is told by its magnitude: up to an hour, seconds; up to a day's seconds, milliseconds;
 * then, see `beyond`; from 10^9, seconds since the epoch; from 10^11, milliseconds since the epoch.
 * @param skew ms by which AnyCheck's clock is ahead.
 * @param beyond the factor to seconds for numbers between a day's seconds and the epoch.
 */
function secondsUntil(text: string, now: number, skew: number, beyond: number): number {
  const [, digits, unit = ''] = NUMBER.exec(text) ?? [];
  if (digits === undefined) return (dateOf(text) - skew - now) / SECOND;
  const number = Number(digits);
  const factor = UNITS.get(unit.toLowerCase()) ?? Number.NaN;
  if (unit !== '') return number * factor;
  if (number >= EPOCH_MS) return (number - skew - now) / SECOND;
  if (number >= EPOCH_SECONDS) return number - (skew + now) / SECOND;
  if (number <= HOUR) return number;
  return number * (number < DAY ? 1 / SECOND : beyond);
}

/**
 * @returns whole seconds of a `Retry-After` (RFC 9110, 10.2.3), rounded up, over 0 and at most an hour. Undefined where it
 * names no time that lies ahead: it then has no effect.
 */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  // A day or more is meant, and is cut to an hour.
  const seconds = Math.ceil(secondsUntil(headers['retry-after']?.trim() ?? '', now, skewOf(headers, now), 1));
  return seconds > 0 ? Math.min(HOUR, seconds) : undefined;
}

/**
 * @returns the rate limit that an answer announces: AnyCheck's `X-RateLimit-*`, or the fields of the IETF's drafts of
 * "RateLimit header fields for HTTP". Undefined where they do not say how many calls remain until when.
 */
export function announcedBy(headers: Headers, now: number): Announced | undefined {
  const skew = skewOf(headers, now);
  const announced = (prefix: string): Announced | undefined => {
    const reset = secondsUntil(headers[`${prefix}-reset`]?.trim() ?? '', now, skew, 1 / SECOND);
    return complete({
      limit: count(headers[`${prefix}-limit`]),
      remaining: count(headers[`${prefix}-remaining`]),
      reset,
      now,
    });
  };
  return announced('x-ratelimit') ?? structured(headers, now) ?? announced('ratelimit');
}

/** The leading whole number of a value such as `100` or `100, 100;w=60`. */
function count(value: string | undefined): number | undefined {
  const [, digits] = /^\s*(\d{1,12})(?![\d.])/.exec(value ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits);
}

interface Limits {
  readonly limit: number | undefined;
  readonly window?: number | undefined;
  readonly remaining: number | undefined;
  /** Seconds from now. */
  readonly reset: number;
  readonly now: number;
}

function complete({ limit, window, remaining, reset, now }: Limits): Announced | undefined {
  if (remaining === undefined || !Number.isFinite(reset)) return undefined;
  return { limit, window, remaining, reset: Math.round(now / SECOND + reset) };
}

/**
 * Reads `RateLimit` and `RateLimit-Policy`. Of several policies, the one with the fewest remaining calls counts.
 * Drafts 8 and later: `"default";r=50;t=30` and `"default";q=100;w=60`. Draft 7: `limit=100, remaining=50, reset=30` and
 * `100;w=60`.
 */
function structured(headers: Headers, now: number): Announced | undefined {
  const policies = (headers['ratelimit-policy'] ?? '').split(',').map(itemOf);
  const value = headers.ratelimit ?? '';
  const states = /^\s*limit\s*=/i.test(value) ? [itemOf(value.replaceAll(',', ';'))] : value.split(',').map(itemOf);
  const all = states.flatMap(({ name, parameters }) => {
    const policy = policies.find((one) => one.name === name) ?? (policies.length === 1 ? policies[0] : undefined);
    const found = complete({
      limit: parameters.get('limit') ?? policy?.parameters.get('q') ?? count(policy?.name),
      window: policy?.parameters.get('w'),
      remaining: parameters.get('r') ?? parameters.get('remaining'),
      reset: parameters.get('t') ?? parameters.get('reset') ?? Number.NaN,
      now,
    });
    return found ?? [];
  });
  return all.toSorted((a, b) => a.remaining - b.remaining)[0];
}

/** Splits an item such as `"default";r=50;t=30` into its name and its numeric parameters. */
function itemOf(text: string) {
  const parts = text.split(';').map((part) => part.trim());
  const parameters = new Map<string, number>();
  for (const part of parts) {
    const [, name = '', value] = /^([a-z]+)\s*=\s*(\d{1,12})$/i.exec(part) ?? [];
    if (value !== undefined) parameters.set(name.toLowerCase(), Number(value));
  }
  return { name: (parts[0] ?? '').replaceAll('"', ''), parameters };
}
