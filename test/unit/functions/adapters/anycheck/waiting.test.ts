import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { announcedBy, retryAfterOf } from '../../../../../functions/adapters/anycheck/waiting.ts';
import { UNUSED } from '../../../../../functions/domain/upstream/budget.ts';
import { MAX_PAUSE_MS, pauseAfterAnswer, usedUp } from '../../../../../functions/domain/upstream/rate-limit.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');
const EPOCH = NOW / 1000;
const retryAfter = (value: string, date?: string) => retryAfterOf({ 'retry-after': value, date }, NOW);
const announced = (headers: Record<string, string>) => announcedBy(headers, NOW);

/** What servers send in these headers, and what they do not. */
const Values = fc.oneof(
  fc.string(),
  fc.double().map(String),
  fc.integer().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 16n }).map(String),
  fc
    .tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom('s', 'ms', ' s', 'm', 'h', 'x'))
    .map(([n, u]) => n + u),
  fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(8e12) }).map((date) => date.toISOString()),
);

describe('Retry-After', () => {
  it.each([
    ['7', 7],
    ['0.5', 1],
    ['3.7', 4],
    ['12.5', 13],
    [' 5 ', 5],
    ['+5', 5],
    ['7s', 7],
    ['7 sec', 7],
    ['1500ms', 2],
    ['2m', 120],
    ['2h', 3600],
    ['3600', 3600],
    ['7000', 7],
    ['60000', 60],
    ['86399', 87],
    ['86400', 3600],
    ['999999', 3600],
    [String(EPOCH + 30), 30],
    [String(NOW + 30_000), 30],
    ['Thu, 01 Jan 2026 00:00:20 GMT', 20],
    ['Thursday, 01-Jan-26 00:00:20 GMT', 20],
    ['Thu Jan  1 00:00:20 2026', 20],
    ['2026-01-01T00:00:20Z', 20],
  ])('of %j is %d s', (value, seconds) => {
    expect(retryAfter(value)).toBe(seconds);
  });

  it.each([
    '',
    '0',
    '-1',
    '-0.5',
    'soon',
    '7 parsecs',
    '1e3',
    'NaN',
    'Infinity',
    '1, 2',
    String(EPOCH - 30),
    'Wed, 31 Dec 2025 23:59:00 GMT',
    '2024-01-01T00:00:00Z',
  ])('of %j names no time that lies ahead, and has no effect', (value) => {
    expect(retryAfter(value)).toBeUndefined();
  });

  it('as a date is read by AnyCheck’s clock, unless that is a day off', () => {
    expect(retryAfter('Thu, 01 Jan 2026 01:00:20 GMT', 'Thu, 01 Jan 2026 01:00:00 GMT')).toBe(20);
    expect(retryAfter('Thu, 01 Jan 2026 00:00:20 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT')).toBe(20);
    expect(retryAfter('20', 'Thu, 01 Jan 2026 01:00:00 GMT')).toBe(20);
  });

  it('is undefined or a whole number of seconds up to an hour, whatever it says', () => {
    fc.assert(
      fc.property(Values, Values, (value, date) => {
        const seconds = retryAfter(value, date);
        if (seconds === undefined) return;
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThan(0);
        expect(seconds).toBeLessThanOrEqual(3600);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never makes the pause after a 429 shorter than without it, nor longer than an hour', () => {
    fc.assert(
      fc.property(Values, fc.nat(20), (value, refusals) => {
        const refused = { ok: false, status: 429, code: undefined, announced: undefined } as const;
        const budget = { ...UNUSED, refusals };
        const pause = pauseAfterAnswer(budget, { ...refused, retryAfter: retryAfter(value) }, NOW);
        expect(pause).toBeGreaterThanOrEqual(pauseAfterAnswer(budget, { ...refused, retryAfter: undefined }, NOW));
        expect(pause).toBeLessThanOrEqual(NOW + MAX_PAUSE_MS);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the announced limit', () => {
  const x = (reset: string) => ({
    'x-ratelimit-limit': '100',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': reset,
  });

  it.each([
    [String(EPOCH + 20), 20],
    [String(EPOCH + 20.4), 20],
    [String(NOW + 20_000), 20],
    ['20', 20],
    ['3600', 3600],
    ['20000', 20],
    ['120000', 120],
    ['20s', 20],
    ['Thu, 01 Jan 2026 00:00:20 GMT', 20],
  ])('with an X-RateLimit-Reset of %j ends in %d s', (reset, seconds) => {
    expect(announced(x(reset))).toEqual({ limit: 100, window: undefined, remaining: 0, reset: EPOCH + seconds });
  });

  it.each(['', 'soon', '1, 2', 'NaN'])('with an X-RateLimit-Reset of %j is none', (reset) => {
    expect(announced(x(reset))).toBeUndefined();
  });

  it('is read without a limit, where that is missing', () => {
    expect(announced({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '20' })).toEqual({
      limit: undefined,
      window: undefined,
      remaining: 0,
      reset: EPOCH + 20,
    });
  });

  it.each([
    [{ 'ratelimit-limit': '100', 'ratelimit-remaining': '5', 'ratelimit-reset': '20' }, undefined],
    [{ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '5', 'ratelimit-reset': '20' }, undefined],
    [{ ratelimit: 'limit=100, remaining=5, reset=20', 'ratelimit-policy': '100;w=60' }, 60],
    [{ ratelimit: 'limit=100, remaining=5, reset=20' }, undefined],
    [{ ratelimit: '"default";r=5;t=20', 'ratelimit-policy': '"default";q=100;w=60' }, 60],
    [{ ratelimit: 'default; r=5; t=20', 'ratelimit-policy': '"burst";q=10;w=1, "default";q=100;w=60' }, 60],
    [
      {
        ratelimit: '"daily";r=900;t=2000, "default";r=5;t=20',
        'ratelimit-policy': '"default";q=100;w=60,"daily";q=1000;w=86400',
      },
      60,
    ],
  ])('is read from the fields of the IETF: %j', (headers, window) => {
    expect(announced({ ...headers })).toEqual({ limit: 100, window, remaining: 5, reset: EPOCH + 20 });
  });

  it('is AnyCheck’s own where both are there', () => {
    expect(announced({ ...x('30'), ratelimit: '"default";r=5;t=20' })).toMatchObject({ reset: EPOCH + 30 });
  });

  it('pauses for whole times that lie ahead alone, whatever the headers say', () => {
    fc.assert(
      fc.property(Values, Values, Values, Values, (limit, remaining, reset, ratelimit) => {
        const found = announced({
          'x-ratelimit-limit': limit,
          'x-ratelimit-remaining': remaining,
          'x-ratelimit-reset': reset,
          ratelimit,
          'ratelimit-policy': limit,
        });
        if (!found) return;
        expect(Number.isInteger(found.reset)).toBe(true);
        expect(found.remaining).toBeGreaterThanOrEqual(0);
        expect(usedUp(found, NOW) ?? NOW + 1).toBeGreaterThan(NOW);
      }),
      { numRuns: 2_000 },
    );
  });
});
