import { type Fault, fails, fault, raw, SERVED, status, succeeds, variants } from './fault.ts';

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

const HTML = '<!doctype html><html><head><title>Maintenance</title></head><body><h1>Maintenance</h1></body></html>';
const html = (code: number) => raw(code, HTML, { headers: { 'content-type': 'text/html' } });

/** Answers of something in front of AnyCheck, or about the account. @param elsewhere the target of a redirect. */
export const inFront = (elsewhere: string): readonly Fault[] => [
  fault('a redirect (302)', status(302, 'FOUND', { location: elsewhere }), fails('UNAVAILABLE', onceServed)),
  fault(
    'a redirect to another host (308)',
    raw(308, '', { headers: { location: elsewhere } }),
    fails('UNAVAILABLE', onceServed),
  ),
  fault('204, without a body', status(204, 'NONE'), fails('UNAVAILABLE', onceServed)),
  fault('503, an HTML page', html(503), fails('UNAVAILABLE', onceServed)),
  fault('404, an HTML page', html(404), fails('UNAVAILABLE', onceServed)),
  fault('404, `{"message":"Not Found"}`', raw(404, '{"message":"Not Found"}'), fails('UNAVAILABLE', onceServed)),
  fault('400, an HTML page', html(400), fails('REJECTED', onceServed)),
  fault('401, without a body', raw(401), fails('REFUSED')),
  ...variants(
    fault('402, without a body', raw(402), fails('REFUSED')),
    fault('403, without a body', raw(403), fails('REFUSED')),
  ),
  fault('403, an HTML page', html(403), fails('REFUSED')),
  ...variants(
    fault('407, without a body', raw(407), fails('REFUSED')),
    fault('421, without a body', raw(421), fails('REJECTED')),
    fault('451, without a body', raw(451), fails('REJECTED')),
  ),
  fault('401 `INVALID_TOKEN` (API key)', status(401, 'INVALID_TOKEN'), fails('REFUSED')),
  fault('403 `INSUFFICIENT_BALANCE`', status(403, 'INSUFFICIENT_BALANCE'), fails('REFUSED')),
  fault('403 `QUOTA_EXCEEDED`', status(403, 'QUOTA_EXCEEDED'), fails('QUOTA_EXCEEDED')),
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
const inSeven = { retryAfter: 'at most 10' };
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
  fault('429, an HTML page', html(429), fails('THROTTLED')),
  fault('429, `Retry-After: 12.5`', retryAfter('12.5'), fails('THROTTLED', { retryAfter: '13' })),
  ...variants(
    fault('429, `Retry-After: 7s`', retryAfter('7s'), fails('THROTTLED', inSeven)),
    fault('429, `Retry-After: 7000` (milliseconds)', retryAfter('7000'), fails('THROTTLED', inSeven)),
    fault('429, `Retry-After: -1`', retryAfter('-1'), fails('THROTTLED')),
    fault(
      '429, `Retry-After` as a date of the past',
      () => retryAfter(new Date(inSeconds(-20) * 1000).toUTCString()),
      fails('THROTTLED'),
    ),
  ),
  fault(
    '429, `X-RateLimit-Remaining: 0`, `X-RateLimit-Reset: 20` (seconds from now)',
    status(429, 'QUOTA_EXCEEDED', usedUp(20)),
    fails('THROTTLED', asRetryAfter),
  ),
  fault(
    '429, `RateLimit: "default";r=0;t=20`',
    status(429, 'QUOTA_EXCEEDED', { ratelimit: '"default";r=0;t=20' }),
    fails('THROTTLED', asRetryAfter),
  ),
  fault(
    'a list with `RateLimit: "default";r=50;t=30`, `RateLimit-Policy: "default";q=100;w=60`',
    {
      kind: 'more_headers',
      headers: { ratelimit: '"default";r=50;t=30', 'ratelimit-policy': '"default";q=100;w=60' },
    },
    succeeds(),
  ),
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

const atLogin = { route: 'login' };
const atRefresh = { route: 'refresh' };
/** A failed login: the fleet attempts the next one after 10 s. */
const soon = { retryAfter: 'at most 10' };
const renewed = { renewable: true };

/** With email and password: the session ends before each of the attempts at a login. */
export const session: readonly Fault[] = [
  fault('401, logged in from another device, at every call', { kind: 'session_gone' }, fails('REFUSED', onceServed), {
    live: true,
  }),
  fault('401 without a body, to every token', raw(401), fails('REFUSED', onceServed), { live: true }),
  fault('the login answers 500', { kind: 'status', ...atLogin, status: 500 }, fails('UNAVAILABLE', soon)),
  fault('the login answers 200 with an HTML page', { ...html(200), ...atLogin }, fails('MALFORMED', soon)),
  ...variants(fault('the login answers `{"data":{…}}`', { kind: 'wrapped', ...atLogin }, fails('MALFORMED', soon))),
  fault('the login answers 401 without a body', { ...raw(401), ...atLogin }, fails('REFUSED', soon)),
  fault(
    'the login answers without `refresh_token`',
    { kind: 'without_member', member: 'refresh_token', ...atLogin },
    succeeds(),
  ),
  fault('the login answers 201', { kind: 'other_status', status: 201, ...atLogin }, succeeds()),
  fault(
    'the token refresh answers without `refresh_token`',
    { kind: 'without_member', member: 'refresh_token', ...atRefresh },
    succeeds(),
    renewed,
  ),
  ...variants(
    fault('the token refresh answers 201', { kind: 'other_status', status: 201, ...atRefresh }, succeeds(), renewed),
    fault('the token refresh answers `{"data":{…}}`', { kind: 'wrapped', ...atRefresh }, succeeds(), renewed),
    fault('the token refresh answers 200 with an HTML page', { ...html(200), ...atRefresh }, succeeds(), renewed),
    fault('the token refresh answers 500', { kind: 'status', ...atRefresh, status: 500 }, succeeds(), renewed),
    fault('the token refresh answers 401', { ...status(401, 'INVALID_TOKEN'), ...atRefresh }, succeeds(), renewed),
  ),
  fault(
    'the login answers 429, `Retry-After: 20`',
    { ...retryAfter(SOME), ...atLogin },
    fails('THROTTLED', asRetryAfter),
  ),
  fault(
    'the login answers 401 `INVALID_CREDENTIALS`',
    { ...status(401, 'INVALID_CREDENTIALS'), ...atLogin },
    fails('REFUSED'),
  ),
  fault(
    'the login was refused to another group',
    { ...status(401, 'INVALID_CREDENTIALS'), ...atLogin },
    { ...fails('REFUSED'), once: '-' },
    MEANWHILE,
  ),
  fault('the login never answers', { kind: 'hang', ...atLogin }, { ...fails('TIMED_OUT', soon), once: '-' }),
];
