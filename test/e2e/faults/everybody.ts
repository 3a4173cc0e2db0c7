import { type Fault, fails, fault, SERVED, status, succeeds } from './fault.ts';

const onceServed = { once: SERVED };
const MEANWHILE = { meanwhile: true };
/** Seconds, in AnyCheck's answer and in the service's. */
const SOME = '20';
const asRetryAfter = { retryAfter: SOME, again: 'the requested 20 s' };

/** Answers that arrive after a reader's deadline. They run in parallel. */
export const tooSlow: readonly Fault[] = [
  fault('no answer', { kind: 'hang' }, fails('TIMED_OUT')),
  fault('half an answer, then nothing more', { kind: 'stall' }, fails('TIMED_OUT')),
  fault('an answer that takes 12 s', { kind: 'delay', delay_ms: 12_000 }, fails('TIMED_OUT')),
];

/** Failures that count against AnyCheck as a whole. */
export const notThere: readonly Fault[] = [
  fault('500', status(500, 'INTERNAL_SERVER_ERROR'), fails('UNAVAILABLE', onceServed)),
  fault("502, a proxy's HTML page", { kind: 'html' }, fails('UNAVAILABLE', onceServed)),
  fault('503', status(503, 'INTERNAL_SERVER_ERROR'), fails('UNAVAILABLE', onceServed)),
  fault('408 `REQUEST_TIMEOUT`', status(408, 'REQUEST_TIMEOUT'), fails('UNAVAILABLE', onceServed)),
  fault('a reset connection', { kind: 'reset' }, fails('UNAVAILABLE', onceServed)),
  fault('a connection that ends in the middle of the body', { kind: 'cut_off' }, fails('UNAVAILABLE', onceServed)),
];

const retryAfter = (value: string) => status(429, 'QUOTA_EXCEEDED', { 'retry-after': value });
const inSeconds = (seconds: number) => Math.ceil(Date.now() / 1000 + seconds);
const usedUp = (reset: number) => ({
  'x-ratelimit-limit': '100',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': `${reset}`,
});

/** AnyCheck requests a pause: all calls pause. */
export const held: readonly Fault[] = [
  fault('429, `Retry-After: 20`', retryAfter(SOME), fails('THROTTLED', asRetryAfter)),
  fault(
    '429, `Retry-After` as a date 20 s away',
    () => retryAfter(new Date(inSeconds(20) * 1000).toUTCString()),
    fails('THROTTLED', asRetryAfter),
  ),
  fault(
    '429, `Retry-After` of a day',
    retryAfter('86400'),
    fails('THROTTLED', { retryAfter: '3600', again: 'as AnyCheck requests, at most 1 h' }),
  ),
  fault('429', status(429, 'QUOTA_EXCEEDED'), fails('THROTTLED')),
  fault(
    '429, `X-RateLimit-Remaining: 0` for 20 s',
    () => status(429, 'QUOTA_EXCEEDED', usedUp(inSeconds(20))),
    fails('THROTTLED', asRetryAfter),
  ),
  fault('403 `QUOTA_EXCEEDED`', status(403, 'QUOTA_EXCEEDED'), fails('THROTTLED')),
  fault(
    '503, `Retry-After: 20`',
    status(503, 'INTERNAL_SERVER_ERROR', { 'retry-after': SOME }),
    fails('UNAVAILABLE', asRetryAfter),
  ),
  fault(
    '429, `Retry-After: 20`, for another group',
    retryAfter(SOME),
    { ...fails('RATE_LIMITED', asRetryAfter), once: '-' },
    MEANWHILE,
  ),
  fault('429, `Retry-After: 2`, for another group', retryAfter('2'), { ...succeeds(), once: '-' }, MEANWHILE),
];

/** AnyCheck refuses the credentials: no further call uses them. */
export const badKey: readonly Fault[] = [
  fault('401 `API_KEY_EXPIRED`', { kind: 'bad_key' }, fails('REFUSED')),
  fault('the API key was refused to another group', { kind: 'bad_key' }, { ...fails('REFUSED'), once: '-' }, MEANWHILE),
];

const login = { kind: 'status', route: 'login' };

/** With email and password: the session ends before each of the attempts at a login. */
export const session: readonly Fault[] = [
  fault('401, logged in from another device, at every call', { kind: 'session_gone' }, fails('REFUSED', onceServed), {
    live: true,
  }),
  fault('the login answers 500', { ...login, status: 500 }, fails('UNAVAILABLE', onceServed)),
  fault(
    'the login answers 429, `Retry-After: 20`',
    { ...login, ...retryAfter(SOME) },
    fails('THROTTLED', asRetryAfter),
  ),
  fault(
    'the login answers 401 `INVALID_CREDENTIALS`',
    { ...login, ...status(401, 'INVALID_CREDENTIALS') },
    fails('REFUSED'),
  ),
  fault(
    'the login was refused to another group',
    { ...login, ...status(401, 'INVALID_CREDENTIALS') },
    { ...fails('REFUSED'), once: '-' },
    MEANWHILE,
  ),
];

/** The same, in parallel. */
export const slowLogin: readonly Fault[] = [
  fault('the login never answers', { kind: 'hang', route: 'login' }, { ...fails('TIMED_OUT'), once: '-' }),
];
